package io.rookery.router.pubsub;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.blocking.BlockList;
import io.rookery.storage.blocking.BlockLists;
import io.rookery.storage.roster.Roster;
import io.rookery.storage.roster.RosterItem;
import io.rookery.storage.roster.Rosters;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is stored of accounts that are away: one roster item, and whom they block. */
final class MemoryContacts {
  /** What was read since this was cleared: one for each request. */
  final List<String> reads = new ArrayList<>();

  final Map<Jid, RosterItem> items = new HashMap<>();
  final Map<Jid, BlockList> blocked = new HashMap<>();

  private <T> Future<Map<Jid, T>> read(String what, Map<Jid, T> from, Collection<Jid> users) {
    reads.add(what + " of " + users.size());
    Map<Jid, T> found = new HashMap<>(from);
    found.keySet().retainAll(users);
    return Future.succeededFuture(found);
  }

  Rosters rosters() {
    return new Rosters() {
      @Override
      public Future<Roster> load(Jid user) {
        throw new AssertionError("nobody is loaded");
      }

      @Override
      public Future<Map<Jid, RosterItem>> items(Collection<Jid> users, Jid contact) {
        return read("roster items", items, users);
      }

      @Override
      public Future<Void> put(Jid user, RosterItem item, long newVersion) {
        throw new AssertionError("nothing is written");
      }

      @Override
      public Future<Void> remove(Jid user, Jid contact, long newVersion) {
        throw new AssertionError("nothing is written");
      }

      @Override
      public Future<Void> delete(Jid user) {
        throw new AssertionError("nothing is written");
      }
    };
  }

  BlockLists blockLists() {
    return new BlockLists() {
      @Override
      public Future<BlockList> load(Jid user) {
        throw new AssertionError("nobody is loaded");
      }

      @Override
      public Future<Map<Jid, BlockList>> of(Collection<Jid> users) {
        return read("block lists", blocked, users);
      }

      @Override
      public Future<Void> save(Jid user, BlockList list) {
        throw new AssertionError("nothing is written");
      }

      @Override
      public Future<Void> delete(Jid user) {
        throw new AssertionError("nothing is written");
      }
    };
  }
}
