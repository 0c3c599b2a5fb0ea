package io.rookery.storage.vcard;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.roster.Roster;
import io.vertx.core.Future;
import java.util.Optional;

/** The vCards of users (XEP-0054), as XML. */
public interface Vcards {
  Future<Optional<String>> find(Jid owner);

  /**
   * Replaces the vCard. Can be repeated when it fails: the vCard may have been written then, and
   * the hash not.
   *
   * @param photo hex SHA-1 of its photo, empty when it has none; comes back with {@link Roster}
   */
  Future<Void> put(Jid owner, String xml, String photo);

  /** Removes the vCard (account removal); the hash goes with the roster. */
  Future<Void> delete(Jid owner);
}
