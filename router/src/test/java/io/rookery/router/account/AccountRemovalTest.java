package io.rookery.router.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.router.login.Owner;
import io.rookery.router.roster.RosterChanges;
import io.rookery.router.roster.Subscriptions;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Stores;
import io.rookery.storage.blocking.BlockList;
import io.rookery.storage.blocking.BlockLists;
import io.rookery.storage.directory.Directory;
import io.rookery.storage.push.PushRegistrations;
import io.rookery.storage.roster.RosterItem;
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
    assertTrue(removal(stores).remove(owner.account()).isComplete());
  }

  private AccountRemoval removal(Stores stores) {
    RosterChanges changes = new RosterChanges(stores, owner.retries, owner.routes, () -> "push");
    return new AccountRemoval(
        stores,
        stores.personalNodes(),
        owner.retries,
        owner.accounts,
        new Subscriptions(changes, owner.routes, owner.accounts, 100),
        owner.sessionEnd);
  }

  @Test
  void theNameIsFreeWhenContactsHaveForgottenIt() {
    LiveAccount account = owner.account();
    account.putContact(Given.contact(Given.ROMEO.bare(), RosterItem.Subscription.NONE));
    owner.bus.taken();
    Future<Void> removed = removal(owner.stores).remove(account);
    List<ToRouter.Routed> told = owner.taken(ToRouter.Routed.class);
    assertEquals(
        List.of(StanzaType.PRESENCE_UNSUBSCRIBE),
        told.stream().map(routed -> routed.stanza().type()).toList());
    assertFalse(removed.isComplete());
    owner.routes.settled(told.get(0).ticket(), true);
    assertTrue(removed.succeeded());
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
                  deleted.add((Jid) args[args.length - 1]);
                  return Future.succeededFuture();
                }));
    assertEquals(List.of(Owner.JULIET, Owner.JULIET), deleted, "and that they wait");
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
