package io.rookery.router.login;

import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.wire.ToRouter;

/**
 * Whose session it is that an anonymous user wants to resume (XEP-0198, section 5). He logs in
 * again as somebody new, so the id of the session has to say it. To know that id is all he can show
 * for himself: it is a secret between the client and the server, told inside of TLS.
 */
final class AnonymousResumption {
  private static final char SEPARATOR = '.';

  private AnonymousResumption() {}

  /**
   * The id of a session.
   *
   * @param secret at least 128 bits that nobody guesses, without a dot
   */
  static String id(String secret, Jid account) {
    return secret + SEPARATOR + account.local();
  }

  /**
   * The same wish, for the account that the id names; of the client's own domain. As it is when the
   * id names none.
   */
  static ToRouter.Resume meant(ToRouter.Resume resume) {
    int end = resume.id().indexOf(SEPARATOR);
    if (end < 0) {
      return resume;
    }
    try {
      Jid holder = Jid.of(resume.id().substring(end + 1), resume.account().domain(), null);
      return holder.isDomain()
          ? resume
          : new ToRouter.Resume(
              resume.stream(), holder, resume.id(), resume.acked(), resume.peer());
    } catch (InvalidJidException e) {
      return resume; // a session that nobody has
    }
  }
}
