package io.rookery.standalone.portable;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.jid.Jid;
import io.rookery.storage.mailbox.MailboxEntry;
import io.rookery.storage.mailbox.Mailboxes;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The messages of one account: those of its archive go to the log as they come, those that wait for
 * delivery at the end, because a message can be both.
 */
final class IncomingMessages {
  private static final int PAGE = 200;

  /** Archived messages that are remembered, in case they also wait for delivery: the last ones. */
  private static final int REMEMBERED = 10_000;

  private static final int MAX_WAITING = 10_000;
  private static final int MAX_WAITING_BYTES = 16 << 20;

  private final Jid account;
  private final boolean archives;
  private final Mailboxes mailboxes;
  private final EntryIds ids;
  private final List<PortableMessage> waiting = new ArrayList<>();
  private final List<MailboxEntry> entries = new ArrayList<>();
  private final Map<String, Long> archived = remembered();
  private long waitingBytes;
  private boolean hasArchive;

  /**
   * @param archives what the account gets is archived
   */
  IncomingMessages(Jid account, boolean archives, Mailboxes mailboxes, Instant now) {
    this.account = account;
    this.archives = archives;
    this.mailboxes = mailboxes;
    this.ids = new EntryIds(now);
  }

  private static Map<String, Long> remembered() {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
        return size() > REMEMBERED;
      }
    };
  }

  void archived(PortableMessage message, Destination destination)
      throws TransferException, InterruptedException {
    hasArchive = true;
    long id = ids.archived(message.id(), message.stamp(), hash(message));
    if (message.id() != null) {
      archived.put(message.id(), id);
    }
    append(message.entry(account, id, true, false), destination);
  }

  /** False when there are too many. */
  boolean waiting(PortableMessage message) {
    waitingBytes += message.message().weight();
    if (waiting.size() >= MAX_WAITING || waitingBytes > MAX_WAITING_BYTES) {
      return false;
    }
    waiting.add(message);
    return true;
  }

  private static int hash(PortableMessage message) {
    return Arrays.hashCode(message.message().toBytes());
  }

  private void append(MailboxEntry entry, Destination destination)
      throws TransferException, InterruptedException {
    destination.write(entry.stanza().length, () -> mailboxes.append(account, entry));
  }

  /** There are no more; decides what those are that wait. */
  void end() {
    waiting.forEach(message -> entries.add(entry(message)));
    waiting.clear();
  }

  /**
   * What is written when the archive is: messages that wait for delivery, and where they begin. An
   * account that was there keeps its cursor, or it would get again what it has got.
   *
   * @param existed the account was there before
   */
  Future<Void> deliver(boolean existed) {
    Future<Void> appended = append(0);
    long end = ids.greatest();
    if (existed || end == 0) {
      return appended;
    }
    long cursor = entries.stream().mapToLong(MailboxEntry::id).min().orElse(end + 1) - 1;
    return appended.compose(v -> mailboxes.moveOfflineCursor(account, cursor));
  }

  /** Without an archive in the file, what is delivered goes to the archive as it does otherwise. */
  private MailboxEntry entry(PortableMessage message) {
    Long known = message.id() == null ? null : archived.get(message.id());
    if (known != null) {
      return message.entry(account, known, true, true);
    }
    boolean archive =
        archives && !hasArchive && message.message().payload().has(Namespaces.CLIENT, "body");
    long id = ids.waiting(message.id(), message.stamp(), hash(message));
    return message.entry(account, id, archive, true);
  }

  private Future<Void> append(int from) {
    if (from >= entries.size()) {
      return Future.succeededFuture();
    }
    int to = Math.min(from + PAGE, entries.size());
    List<Future<Void>> page =
        entries.subList(from, to).stream().map(entry -> mailboxes.append(account, entry)).toList();
    return Future.all(page).compose(v -> append(to));
  }
}
