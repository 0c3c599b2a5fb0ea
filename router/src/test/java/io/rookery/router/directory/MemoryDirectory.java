package io.rookery.router.directory;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.directory.Directory;
import io.rookery.storage.directory.DirectoryEntry;
import io.rookery.storage.directory.SearchTerm;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Users who want to be found, kept in memory. */
final class MemoryDirectory implements Directory {
  final Map<Jid, DirectoryEntry> entries = new TreeMap<>();

  /** What was looked for last. */
  SearchTerm last;

  @Override
  public Future<Optional<DirectoryEntry>> find(Jid owner) {
    return Future.succeededFuture(Optional.ofNullable(entries.get(owner)));
  }

  @Override
  public Future<Map<Jid, DirectoryEntry>> find(Collection<Jid> owners) {
    return Future.succeededFuture(
        owners.stream()
            .distinct()
            .filter(entries::containsKey)
            .collect(Collectors.toMap(owner -> owner, entries::get)));
  }

  @Override
  public Future<List<Jid>> search(String domain, SearchTerm term, int max) {
    last = term;
    return Future.succeededFuture(
        entries.values().stream()
            .filter(entry -> entry.owner().domain().equals(domain) && term.matches(entry))
            .map(DirectoryEntry::owner)
            .limit(max)
            .toList());
  }

  @Override
  public Future<Void> put(DirectoryEntry entry) {
    entries.put(entry.owner(), entry);
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> delete(Jid owner) {
    entries.remove(owner);
    return Future.succeededFuture();
  }
}
