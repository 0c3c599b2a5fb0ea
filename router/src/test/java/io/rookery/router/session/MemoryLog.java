package io.rookery.router.session;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.mailbox.ArchivePage;
import io.rookery.storage.mailbox.ArchiveQuery;
import io.rookery.storage.mailbox.MailboxEntry;
import io.rookery.storage.mailbox.Mailboxes;
import io.rookery.storage.mailbox.TooManyEntriesException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The log of one account, as a list; appends are done at once or when the test says so. */
public final class MemoryLog implements Mailboxes {
  public final List<MailboxEntry> entries = new ArrayList<>();
  public final List<Promise<Void>> appends = new ArrayList<>();
  public boolean held;
  public boolean crowded;
  public boolean failing;
  public int archiveReads;
  public int deleted;
  public long cursor;

  @Override
  public Future<Void> append(Jid user, MailboxEntry entry) {
    entries.add(entry);
    Promise<Void> done = Promise.promise();
    appends.add(done);
    if (!held) {
      done.complete();
    }
    return done.future();
  }

  @Override
  public Future<List<MailboxEntry>> read(Jid user, long after, int limit) {
    return Future.succeededFuture(
        entries.stream().filter(entry -> entry.id() > after).limit(limit).toList());
  }

  @Override
  public Future<List<MailboxEntry>> since(Jid user, long from) {
    return crowded
        ? Future.failedFuture(new TooManyEntriesException(user, from, MAX_SINCE))
        : Future.succeededFuture(entries.stream().filter(entry -> entry.id() >= from).toList());
  }

  @Override
  public Future<ArchivePage> archive(Jid user, ArchiveQuery query) {
    archiveReads++;
    if (failing) {
      return Future.failedFuture("storage does not answer");
    }
    List<MailboxEntry> all = new ArrayList<>(entries.stream().filter(query::matches).toList());
    all.removeIf(entry -> query.ids() != null && !query.ids().contains(entry.id()));
    int size = Math.min(all.size(), query.limit());
    int from = query.backwards() ? all.size() - size : 0;
    return Future.succeededFuture(
        new ArchivePage(all.subList(from, from + size), size == all.size()));
  }

  @Override
  public Future<Boolean> areArchived(Jid user, Collection<Long> ids) {
    return Future.succeededFuture(
        ids.stream()
            .allMatch(id -> entries.stream().anyMatch(one -> one.id() == id && one.archived())));
  }

  @Override
  public Future<OfflineState> offlineState(Jid user) {
    return Future.succeededFuture(new OfflineState(cursor, true));
  }

  @Override
  public Future<Void> moveOfflineCursor(Jid user, long position) {
    cursor = position;
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> delete(Jid user) {
    deleted++;
    entries.clear();
    return Future.succeededFuture();
  }
}
