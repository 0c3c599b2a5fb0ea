package io.rookery.router.pubsub;

import io.rookery.protocol.jid.Jid;
import io.rookery.router.extension.Relations;
import io.rookery.storage.blocking.BlockList;
import io.rookery.storage.blocking.BlockLists;
import io.rookery.storage.roster.RosterItem;
import io.rookery.storage.roster.Rosters;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What accounts are to one other: by their rosters and block lists in memory, or, for all that are
 * not there, by two reads of what concerns him. They are not loaded for it.
 */
public final class Acquaintance {
  private final Function<Jid, ? extends Relations> inMemory;
  private final Rosters rosters;
  private final BlockLists blockLists;

  /**
   * @param inMemory null for an account that is not there
   */
  public Acquaintance(
      Function<Jid, ? extends Relations> inMemory, Rosters rosters, BlockLists blockLists) {
    this.inMemory = inMemory;
    this.rosters = rosters;
    this.blockLists = blockLists;
  }

  /**
   * An account as one other sees it, who need not be a contact.
   *
   * @param other the roster item, null for none
   */
  record Away(Jid jid, RosterItem other, BlockList blockList) implements Relations {
    @Override
    public RosterItem contact(Jid bare) {
      return other != null && other.contact().equals(bare) ? other : null;
    }
  }

  /** Of each account what it is to the other; good for questions about him only. */
  Future<Map<Jid, Relations>> of(Collection<Jid> accounts, Jid other) {
    Map<Jid, Relations> all = new HashMap<>();
    List<Jid> away = new ArrayList<>();
    for (Jid account : accounts) {
      Relations there = inMemory.apply(account);
      if (there == null) {
        away.add(account);
      } else {
        all.put(account, there);
      }
    }
    return away.isEmpty()
        ? Future.succeededFuture(all)
        : read(away, other.bare())
            .map(
                read -> {
                  all.putAll(read);
                  return all;
                });
  }

  private Future<Map<Jid, Relations>> read(List<Jid> away, Jid other) {
    Future<Map<Jid, RosterItem>> items = rosters.items(away, other);
    Future<Map<Jid, BlockList>> lists = blockLists.of(away);
    return Future.all(items, lists)
        .map(
            done -> {
              Map<Jid, Relations> read = new HashMap<>();
              for (Jid account : away) {
                read.put(
                    account,
                    new Away(account, items.result().get(account), lists.result().get(account)));
              }
              return read;
            });
  }
}
