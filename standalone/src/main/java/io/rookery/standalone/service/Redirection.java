package io.rookery.standalone.service;

import io.rookery.cluster.Loop;
import io.rookery.cluster.Ownership;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.wire.WireMessage;
import java.util.List;

/** Gives what a node that left had not confirmed to the owners that came after it. */
final class Redirection {
  private Redirection() {}

  static void redirect(Loop loop, Ownership ownership, List<WireMessage> messages) {
    for (WireMessage message : messages) {
      Jid account = account(message);
      LoopAddress owner = account == null ? null : ownership.ownerOf(account);
      if (owner != null) {
        loop.send(owner, message);
      }
    }
  }

  /** Whose owner the message was for; null when it dies with the node. */
  private static Jid account(WireMessage message) {
    if (message instanceof ToRouter.FromClient m) {
      return m.session();
    } else if (message instanceof ToRouter.StreamEnded m) {
      return m.session();
    } else if (message instanceof ToRouter.Bind m) {
      return m.account();
    } else if (message instanceof ToRouter.Routed m && m.ticket() == 0) {
      return m.stanza().to(); // one with a ticket is sent again by who holds the ticket
    }
    return null;
  }
}
