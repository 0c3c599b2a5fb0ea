package io.rookery.standalone.service;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.standalone.cli.AccountAccess;
import io.rookery.standalone.cli.AccountRemoval;
import io.rookery.standalone.config.Config;
import io.rookery.standalone.ops.OpsConfig;
import io.rookery.standalone.portable.AccountStores;
import io.rookery.storage.account.Accounts;
import io.rookery.storage.cassandra.CassandraStorage;
import io.rookery.storage.invitation.Invitations;
import io.rookery.storage.token.LoginTokens;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** The accounts in the database, for the commands that work on them without the service. */
final class StoredAccounts implements AccountAccess {
  private final Vertx vertx;
  private final OpsConfig ops;
  private final Database database;

  private StoredAccounts(Vertx vertx, OpsConfig ops, Database database) {
    this.vertx = vertx;
    this.ops = ops;
    this.database = database;
  }

  static StoredAccounts open(Config config) throws Exception {
    Vertx vertx = Vertx.vertx();
    return new StoredAccounts(
        vertx, config.ops(), Database.openBeside(vertx, config, new SimpleMeterRegistry()));
  }

  @Override
  public Accounts accounts() {
    return database.storage().accounts();
  }

  @Override
  public LoginTokens tokens() {
    return database.storage().loginTokens();
  }

  @Override
  public AccountStores stores() {
    CassandraStorage storage = database.storage();
    return new AccountStores(
        storage.accounts(),
        storage.rosters(),
        storage.mailboxes(),
        storage.archivePolicies(),
        storage.blockLists(),
        storage.privateData(),
        storage.vcards(),
        storage.personalNodes());
  }

  @Override
  public AccountRemoval removal() {
    return account ->
        new LiveRemoval(vertx, ops, database.storage())
            .remove(account)
            .compose(
                answer ->
                    answer.isPresent()
                        ? Future.succeededFuture(answer.get())
                        : new StoredRemoval(database.storage()).remove(account));
  }

  @Override
  public Invitations invitations() {
    return database.storage().invitations();
  }

  /** Blocking, as {@link #open}: Vert.x cannot wait for its own end. */
  @Override
  public Future<Void> close() {
    try {
      database.close();
      Await.result(vertx.close());
      return Future.succeededFuture();
    } catch (Exception e) {
      return Future.failedFuture(e);
    }
  }
}
