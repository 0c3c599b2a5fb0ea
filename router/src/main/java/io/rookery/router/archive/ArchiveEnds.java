package io.rookery.router.archive;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.xml.Element;
import io.rookery.router.mailbox.Mailbox;
import io.rookery.router.session.LiveAccount;
import io.rookery.storage.mailbox.ArchivePage;
import io.rookery.storage.mailbox.ArchiveQuery;
import io.rookery.storage.mailbox.MailboxEntry;
import io.rookery.storage.mailbox.Mailboxes;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;

/**
 * The first and the last entry of an archive (XEP-0313, section 5), also told to a client that
 * begins a session (XEP-0386, section 3.2): it knows then whether it has missed something. Two
 * bounded reads, at the same time.
 */
public final class ArchiveEnds {
  private final Mailboxes mailboxes;
  private final Mailbox mailbox;
  private final Set<String> archivedDomains;

  public ArchiveEnds(Mailboxes mailboxes, Mailbox mailbox, Set<String> archivedDomains) {
    this.mailboxes = mailboxes;
    this.mailbox = mailbox;
    this.archivedDomains = Set.copyOf(archivedDomains);
  }

  /**
   * What has been read, or is being.
   *
   * @param before the ends are those of what was accepted before this id
   * @param metadata fails with a technical failure, or with {@link
   *     io.rookery.storage.mailbox.TooManyEntriesException}
   */
  public record Reading(long before, Future<Element> metadata) {

    /** Nothing has been accepted since. */
    public boolean holds(LiveAccount account) {
      return account.lastAppended() < before;
    }
  }

  /** Whether any account has an archive. */
  public boolean areKept() {
    return !archivedDomains.isEmpty();
  }

  /** Whether the account has an archive. */
  public boolean has(Jid account) {
    return archivedDomains.contains(account.domain());
  }

  /** Reads the ends as they are now, with all that has been accepted. */
  public Reading read(LiveAccount account) {
    long before = mailbox.nextId(account);
    Future<ArchivePage> first = page(account, ArchiveQuery.all(false, 1), before);
    Future<ArchivePage> last = page(account, ArchiveQuery.all(true, 1), before);
    return new Reading(
        before,
        Future.all(first, last)
            .map(both -> metadata(first.result().entries(), last.result().entries())));
  }

  /**
   * Only what was accepted before the question, and all of that: a client that goes on after the
   * last entry of a page must not miss one whose turn came earlier and which was written later.
   */
  Future<ArchivePage> page(LiveAccount account, ArchiveQuery query) {
    return page(account, query, mailbox.nextId(account));
  }

  private Future<ArchivePage> page(LiveAccount account, ArchiveQuery query, long now) {
    ArchiveQuery settled =
        new ArchiveQuery(
            query.after(),
            Math.min(now, query.before()),
            query.with(),
            query.ids(),
            query.backwards(),
            query.limit(),
            query.text());
    return account.allAppended().compose(v -> mailboxes.archive(account.jid(), settled));
  }

  private static Element metadata(List<MailboxEntry> first, List<MailboxEntry> last) {
    Element metadata = Element.of(MessageArchive.NS, "metadata");
    return first.isEmpty() || last.isEmpty()
        ? metadata
        : metadata.with(position("start", first.get(0)), position("end", last.get(0)));
  }

  private static Element position(String name, MailboxEntry entry) {
    return Element.of(MessageArchive.NS, name)
        .attribute("id", Long.toUnsignedString(entry.id()))
        .attribute("timestamp", entry.time().toString());
  }
}
