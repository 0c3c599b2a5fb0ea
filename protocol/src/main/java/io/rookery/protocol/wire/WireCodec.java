package io.rookery.protocol.wire;

/**
 * The bytes of {@link WireMessage}, version 1. A message is its type, its length and its fields;
 * fields are only ever added at the end, and a reader ignores bytes after the fields it knows, so
 * that version N talks to N+1 during a rolling upgrade. A message of unknown type is skipped.
 */
public final class WireCodec {
  public static final int VERSION = 1;

  private WireCodec() {}

  /** Appends one message. */
  public static void write(WireWriter w, WireMessage message) {
    w.u8(message.type().ordinal());
    int at = w.reserveLength();
    message.write(w);
    w.fillLength(at);
  }

  /**
   * Reads one message; null when its type is not known to this version.
   *
   * @throws WireFormatException when the bytes are malformed
   */
  public static WireMessage read(WireReader r) {
    WireType type = WireType.of(r.u8());
    WireReader fields = r.section();
    return type == null ? null : type.read(fields);
  }
}
