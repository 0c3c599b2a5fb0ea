package io.rookery.protocol.wire;

import io.rookery.protocol.stanza.Stanza;
import java.util.Collection;

/**
 * A stanza that was sent to a client and is not acknowledged (XEP-0198, section 4).
 *
 * @param stanza with the addressee the client finds in it
 * @param position its id in the mailbox log, 0 when it is not there
 * @param origin as in {@link ToRouter.Routed}
 * @param shared another session of the account has taken it: if this one does not, nobody else need
 *     be given it
 */
public record Unacked(Stanza stanza, long position, long origin, boolean shared) {
  private static final int MIN_BYTES = 12;

  static Unacked[] readAll(WireReader r) {
    Unacked[] all = new Unacked[r.count(MIN_BYTES)];
    for (int i = 0; i < all.length; i++) {
      all[i] = new Unacked(StanzaCodec.read(r), r.number(), r.number(), r.bool());
    }
    return all;
  }

  static void writeAll(WireWriter w, Unacked[] all) {
    w.number(all.length);
    for (Unacked one : all) {
      StanzaCodec.write(w, one.stanza);
      w.number(one.position);
      w.number(one.origin);
      w.bool(one.shared);
    }
  }

  static int weight(Unacked[] all) {
    int sum = 0;
    for (Unacked one : all) {
      sum += one.stanza.weight();
    }
    return sum;
  }

  /** For a message. */
  public static Unacked[] array(Collection<Unacked> all) {
    return all.toArray(new Unacked[0]);
  }
}
