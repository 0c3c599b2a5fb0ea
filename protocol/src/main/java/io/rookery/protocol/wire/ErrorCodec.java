package io.rookery.protocol.wire;

import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stream.StreamError;

/** Errors on the wire. Conditions go by name: a newer node may know more of them. */
final class ErrorCodec {
  private ErrorCodec() {}

  static void write(WireWriter w, StanzaError error) {
    w.string(error.type().name());
    w.string(error.condition().name());
    w.string(error.text());
    w.string(error.application());
  }

  static StanzaError stanzaError(WireReader r) {
    return new StanzaError(
        constant(r.string(), StanzaError.Type.CANCEL),
        constant(r.string(), StanzaError.Condition.UNDEFINED_CONDITION),
        r.string(),
        r.string());
  }

  static void write(WireWriter w, StreamError error) {
    w.string(error.condition().name());
    w.string(error.text());
    w.string(error.application());
  }

  static StreamError streamError(WireReader r) {
    return new StreamError(
        constant(r.string(), StreamError.Condition.UNDEFINED_CONDITION), r.string(), r.string());
  }

  private static <E extends Enum<E>> E constant(String name, E unknown) {
    for (E constant : unknown.getDeclaringClass().getEnumConstants()) {
      if (constant.name().equals(name)) {
        return constant;
      }
    }
    return unknown;
  }
}
