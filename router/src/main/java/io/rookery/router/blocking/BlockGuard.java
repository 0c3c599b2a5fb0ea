package io.rookery.router.blocking;

import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Passage;
import io.rookery.router.extension.Verdict;

/** Lets nothing pass between users and whom they block (XEP-0191, section 3.3). */
final class BlockGuard {
  private static final Verdict BLOCKED =
      Verdict.refuse(
          StanzaError.of(Condition.NOT_ACCEPTABLE)
              .withType(StanzaError.Type.CANCEL)
              .withApplication("<blocked xmlns='urn:xmpp:blocking:errors'/>"));

  /** What an account without available resources would answer. */
  private static final Verdict NOBODY_THERE = Verdict.refuse(Condition.SERVICE_UNAVAILABLE);

  private BlockGuard() {}

  static boolean blocksAnybody(AccountView account) {
    return account.blockList() != null;
  }

  static Verdict outgoing(Passage passage) {
    Stanza stanza = passage.stanza();
    return stanza.to() != null && passage.account().isBlocked(stanza.to()) ? BLOCKED : Verdict.PASS;
  }

  /** Results and errors are never answered, so they go without a word, as presence does. */
  static Verdict incoming(Passage passage) {
    Stanza stanza = passage.stanza();
    if (stanza.from() == null || !passage.account().isBlocked(stanza.from())) {
      return Verdict.PASS;
    }
    return stanza.isPresence() ? Verdict.DROP : NOBODY_THERE;
  }
}
