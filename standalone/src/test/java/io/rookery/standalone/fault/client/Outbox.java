package io.rookery.standalone.fault.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What a client has sent and its server has not acknowledged, in order (XEP-0198, section 4).
 * Counters are those of the stream: modulo 2^32.
 */
final class Outbox {
  private static final long MODULUS = 1L << 32;

  private final Deque<Sent> unacked = new ArrayDeque<>();
  private long handled;

  /**
   * A stanza.
   *
   * @param message its tag, if it is a message that is accounted for
   */
  record Sent(String xml, Optional<Tag> message) {
    static Sent message(String xml, Tag tag) {
      return new Sent(xml, Optional.of(tag));
    }

    static Sent other(String xml) {
      return new Sent(xml, Optional.empty());
    }
  }

  /** The peer breaks the protocol. */
  static final class ViolationException extends Exception {
    private static final long serialVersionUID = 1;

    ViolationException(String message) {
      super(message);
    }
  }

  void add(Sent stanza) {
    unacked.add(stanza);
  }

  int size() {
    return unacked.size();
  }

  List<Sent> unacked() {
    return List.copyOf(unacked);
  }

  /**
   * Takes out what the server has handled.
   *
   * @param h stanzas handled in this session, all in all
   * @throws ViolationException when that is less than before or more than was sent; nothing changes
   */
  List<Sent> acknowledged(long h) throws ViolationException {
    long count = Math.floorMod(h - handled, MODULUS);
    if (h < 0 || h >= MODULUS || count > unacked.size()) {
      throw new ViolationException(
          "h=" + h + " after " + handled + " with " + unacked.size() + " unacknowledged");
    }
    List<Sent> acknowledged = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      acknowledged.add(unacked.remove());
    }
    handled = h;
    return acknowledged;
  }

  /** A new session begins with this stanza; only messages are worth sending again in it. */
  void renew(Sent first) {
    List<Sent> messages = unacked.stream().filter(s -> s.message().isPresent()).toList();
    unacked.clear();
    unacked.add(first);
    unacked.addAll(messages);
    handled = 0;
  }
}
