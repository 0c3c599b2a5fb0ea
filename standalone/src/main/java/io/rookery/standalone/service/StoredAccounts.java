package io.rookery.standalone.service;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.protocol.jid.Jid;
import io.rookery.standalone.cli.AccountAccess;
import io.rookery.standalone.cli.AccountRemoval;
import io.rookery.standalone.config.Config;
import io.rookery.storage.account.Accounts;
import io.rookery.storage.cassandra.CassandraStorage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** The accounts in the database, for the commands that work on them without the service. */
final class StoredAccounts implements AccountAccess {
  private final Vertx vertx;
  private final Database database;

  private StoredAccounts(Vertx vertx, Database database) {
    this.vertx = vertx;
    this.database = database;
  }

  static StoredAccounts open(Config config) throws Exception {
    Vertx vertx = Vertx.vertx();
    return new StoredAccounts(vertx, Database.open(vertx, config, new SimpleMeterRegistry()));
  }

  @Override
  public Accounts accounts() {
    return database.storage().accounts();
  }

  @Override
  public AccountRemoval removal() {
    return this::remove;
  }

  /** The account first: what is left when this breaks off belongs to nobody. */
  private Future<Boolean> remove(Jid user) {
    CassandraStorage storage = database.storage();
    return storage
        .accounts()
        .delete(user)
        .compose(
            existed ->
                Future.all(
                        storage.rosters().delete(user),
                        storage.mailboxes().delete(user),
                        storage.lastActivities().delete(user))
                    .map(existed));
  }

  @Override
  public Future<Void> close() {
    return vertx
        .executeBlocking(
            () -> {
              database.close();
              return null;
            })
        .eventually(vertx::close)
        .mapEmpty();
  }
}
