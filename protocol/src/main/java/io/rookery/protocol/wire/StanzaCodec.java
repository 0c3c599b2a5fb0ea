package io.rookery.protocol.wire;

import io.rookery.protocol.stanza.Payload;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;

/** A stanza on the wire: its header, the names of its children, and the bytes of its payload. */
final class StanzaCodec {
  private StanzaCodec() {}

  static void write(WireWriter w, Stanza stanza) {
    int at = w.reserveLength();
    w.u8(stanza.type().ordinal());
    w.jid(stanza.from());
    w.jid(stanza.to());
    w.string(stanza.id());
    w.string(stanza.lang());
    Payload payload = stanza.payload();
    int children = payload.childCount();
    w.number(children);
    for (int i = 0; i < children; i++) {
      w.string(payload.namespace(i));
      w.string(payload.name(i));
      w.number(payload.start(i));
      w.number(payload.end(i));
    }
    w.bytes(payload.array(), payload.offset(), payload.length());
    w.fillLength(at);
  }

  static Stanza read(WireReader outer) {
    WireReader r = outer.section();
    StanzaType type = StanzaType.of(r.u8());
    if (type == null) {
      throw new WireFormatException("unknown stanza type");
    }
    return new Stanza(type, r.jid(), r.jid(), r.string(), r.string(), payload(r));
  }

  private static Payload payload(WireReader r) {
    int children = r.count(4);
    String[] names = new String[2 * children];
    int[] ranges = new int[2 * children];
    for (int i = 0; i < names.length; i += 2) {
      names[i] = r.required();
      names[i + 1] = r.required();
      ranges[i] = (int) r.number();
      ranges[i + 1] = (int) r.number();
    }
    int size = r.size();
    int start = 0;
    for (int range : ranges) {
      if (range < start || range > size) {
        throw new WireFormatException("child outside of its payload");
      }
      start = range;
    }
    // The frame's array is kept alive by the stanza instead of being copied once more.
    Payload payload = Payload.indexed(r.array(), r.position(), Math.max(size, 0), names, ranges);
    r.skip(Math.max(size, 0));
    return payload;
  }
}
