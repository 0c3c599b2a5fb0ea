package io.rookery.standalone.service;

import io.rookery.cluster.Loop;
import io.rookery.cluster.Ownership;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.wire.WireMessage;
import java.util.List;

/** Gives what a node that left had not confirmed to the owners that came after it. */
final class Redirection {
  private static final long RETRY_MILLIS = 200;
  private static final int ATTEMPTS = 50;

  private Redirection() {}

  static void redirect(Loop loop, Ownership ownership, List<WireMessage> messages) {
    for (WireMessage message : messages) {
      if (message instanceof ToRouter.Fanout fanout) {
        for (Jid recipient : fanout.recipients()) { // each may have another owner now
          Stanza stanza = fanout.stanza().withTo(recipient);
          send(loop, ownership, new ToRouter.Routed(stanza, 0, 0, false), ATTEMPTS);
        }
      } else if (message instanceof ToRouter toRouter && isLost(content(toRouter))) {
        send(loop, ownership, toRouter, ATTEMPTS);
      }
    }
  }

  private static ToRouter content(ToRouter message) {
    return message instanceof ToRouter.Forwarded forwarded && forwarded.message() != null
        ? forwarded.message()
        : message;
  }

  /**
   * Whether nobody else repeats the message. Stanzas of clients are repeated by their connector
   * when the new owner asks for the stream, stanzas with a ticket by who holds the ticket.
   */
  private static boolean isLost(ToRouter message) {
    return message instanceof ToRouter.Bind
        || message instanceof ToRouter.Resume
        || message instanceof ToRouter.StreamEnded
        || message instanceof ToRouter.AccountRemoved
        || message instanceof ToRouter.Routed routed && routed.ticket() == 0;
  }

  /** The new owner may take a moment to be known. */
  private static void send(Loop loop, Ownership ownership, ToRouter message, int attempts) {
    LoopAddress owner = ownership.ownerOf(content(message).about());
    if (owner != null) {
      loop.send(owner, message);
    } else if (attempts > 0) {
      loop.context()
          .owner()
          .setTimer(RETRY_MILLIS, id -> send(loop, ownership, message, attempts - 1));
    }
  }
}
