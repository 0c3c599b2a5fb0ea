package io.rookery.router.extension;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stream.StreamError;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/** What an extension wants done. One interpreter performs effects; extensions only decide. */
public sealed interface Effect {

  /** Routes a stanza as if the account had sent it; its from must be set. */
  record Send(Stanza stanza) implements Effect {}

  /** Routes a stanza to many accounts, one message for each of their owners; not acknowledged. */
  record ToAccounts(Stanza stanza, Collection<Jid> accounts) implements Effect {}

  /** Hands a stanza to one session of the account, whatever its presence. */
  record ToSession(Jid session, Stanza stanza) implements Effect {}

  /**
   * Hands a stanza to several sessions of the account, whatever their presence, each under its own
   * address.
   *
   * @param origin of {@link Passage.Outcome}, 0 for none
   */
  record ToSessions(List<Jid> sessions, Stanza stanza, long origin) implements Effect {}

  /** Ends a session of the account, and its stream with this error; it cannot be resumed. */
  record EndSession(Jid session, StreamError error) implements Effect {}

  /** Sets session state. */
  record SetState<T>(Jid session, SessionKey<T> key, T value) implements Effect {}

  /** The photo in the account's vCard is another one; empty for none. */
  record SetPhoto(String hash) implements Effect {}

  /**
   * Broadcasts presence in the name of a session that is available.
   *
   * @param presence to those who see the session's presence
   * @param kept what is its last presence from now on
   */
  record Announce(Jid session, Stanza presence, Stanza kept) implements Effect {}

  /**
   * Work that takes time, in the account's turn, and then what it wants done. The stanza that a
   * hook has seen is not handled before; when the work fails, it has not been done.
   */
  record InTurn(Supplier<Future<List<Effect>>> work) implements Effect {}

  /** Ends the account: its sessions are closed, its contacts told, its data removed. */
  record RemoveAccount(Jid account) implements Effect {}
}
