package io.rookery.router.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import io.rookery.router.login.Owner;
import io.rookery.router.session.Stores;
import io.rookery.storage.blocking.BlockList;
import io.rookery.storage.blocking.BlockLists;
import io.rookery.storage.directory.Directory;
import io.rookery.storage.push.PushRegistrations;
import io.vertx.core.Future;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a user leaves behind: nothing. */
class AccountRemovalTest {
  private final Owner owner = new Owner();
  private final List<Jid> deleted = new ArrayList<>();

  @AfterEach
  void close() {
    owner.vertx.close();
  }

  private final class Recorded implements BlockLists {
    @Override
    public Future<BlockList> load(Jid user) {
      return Future.succeededFuture(BlockList.NOBODY);
    }

    @Override
    public Future<Map<Jid, BlockList>> of(Collection<Jid> users) {
      throw new AssertionError("nobody asks for many");
    }

    @Override
    public Future<Void> save(Jid user, BlockList list) {
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> delete(Jid user) {
      deleted.add(user);
      return Future.succeededFuture();
    }
  }

  private void remove(BlockLists blockLists, PushRegistrations pushRegistrations) {
    remove(blockLists, pushRegistrations, owner.stores.directory());
  }

  private void remove(
      BlockLists blockLists, PushRegistrations pushRegistrations, Directory directory) {
    Stores stores =
        new Stores(
            owner.stores.accounts(),
            owner.stores.rosters(),
            owner.stores.mailboxes(),
            owner.stores.lastActivities(),
            owner.stores.archivePolicies(),
            blockLists,
            owner.stores.privateData(),
            owner.stores.vcards(),
            owner.stores.loginTokens(),
            owner.stores.personalNodes(),
            pushRegistrations,
            owner.stores.invitations(),
            directory);
    AccountRemoval removal =
        new AccountRemoval(
            stores, stores.personalNodes(), owner.retries, owner.accounts, null, owner.sessionEnd);
    assertTrue(removal.remove(owner.account()).isComplete());
  }

  @Test
  void theBlockListGoes() {
    remove(new Recorded(), owner.stores.pushRegistrations());
    assertEquals(List.of(Owner.JULIET), deleted);
  }

  @Test
  void pushRegistrationsGo() {
    remove(
        owner.stores.blockLists(),
        (PushRegistrations)
            Proxy.newProxyInstance(
                PushRegistrations.class.getClassLoader(),
                new Class<?>[] {PushRegistrations.class},
                (proxy, method, args) -> {
                  assertEquals("delete", method.getName());
                  deleted.add((Jid) args[0]);
                  return Future.succeededFuture();
                }));
    assertEquals(List.of(Owner.JULIET), deleted);
  }

  @Test
  void theDirectoryEntryGoes() {
    remove(
        owner.stores.blockLists(),
        owner.stores.pushRegistrations(),
        (Directory)
            Proxy.newProxyInstance(
                Directory.class.getClassLoader(),
                new Class<?>[] {Directory.class},
                (proxy, method, args) -> {
                  assertEquals("delete", method.getName());
                  deleted.add((Jid) args[0]);
                  return Future.succeededFuture();
                }));
    assertEquals(List.of(Owner.JULIET), deleted);
  }
}
