package io.rookery.router.extension;

import io.rookery.protocol.stanza.Stanza;
import java.util.List;

/**
 * A stanza on its way through an account.
 *
 * @param session the client that sent it in {@link Flow#FROM_CLIENT}, otherwise null
 * @param outcome what has been done with it, in {@link Phase#FANOUT}; null before
 */
public record Passage(Stanza stanza, AccountView account, SessionView session, Outcome outcome) {

  /**
   * What has been done with a stanza.
   *
   * @param takers the sessions of the account that have been handed it; none when it waits in the
   *     log, or was sent
   * @param position its id in the account's log (XEP-0359), 0 when it is not there
   * @param origin names what is handed out because of it over all repetitions of the stanza; 0 when
   *     it is not a client's
   */
  public record Outcome(List<? extends SessionView> takers, long position, long origin) {}
}
