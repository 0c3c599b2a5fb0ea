package io.rookery.storage.mailbox;

import io.rookery.protocol.jid.Jid;

/** A mailbox has more entries than an answer may have; ask for less or page. */
public final class TooManyEntriesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TooManyEntriesException(Jid user, long from, int limit) {
    super(
        "more than " + limit + " entries in the mailbox of " + user + " from " + from,
        null,
        false,
        false);
  }
}
