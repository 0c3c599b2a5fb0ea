package io.rookery.storage.activity;

import io.rookery.protocol.jid.Jid;
import io.vertx.core.Future;
import java.util.Optional;

/** When users were last online (XEP-0012). */
public interface LastActivities {
  Future<Optional<LastActivity>> find(Jid user);

  Future<Void> record(Jid user, LastActivity activity);

  Future<Void> delete(Jid user);
}
