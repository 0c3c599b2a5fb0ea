package io.rookery.standalone.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rookery.protocol.jid.Jid;
import io.rookery.standalone.fault.client.Account;
import io.rookery.storage.mailbox.ArchivePage;
import io.rookery.storage.mailbox.ArchiveQuery;
import io.rookery.storage.mailbox.MailboxEntry;
import io.rookery.storage.mailbox.Mailboxes;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LogAuditTest {
  private static final long RUN = 7;
  private static final Instant BEGIN = Instant.ofEpochSecond(1_800_000_000);
  private static final List<Account> ACCOUNTS =
      List.of(new Account("romeo", "localhost", ""), new Account("juliet", "localhost", ""));

  private final TreeMap<Long, MailboxEntry> juliets = new TreeMap<>();
  private long lastId = BEGIN.toEpochMilli() << 16;

  @Test
  void completeLogIsClean() throws Exception {
    for (int sequence = 0; sequence < 2500; sequence++) {
      logs(RUN, sequence, false);
    }
    assertEquals(new LogAudit.Outcome(0, 0, 0, List.of()), audit(2500));
  }

  @Test
  void missingRepeatedAndReorderedEntriesAreFound() throws Exception {
    logs(RUN, 0, false);
    logs(RUN, 2, false);
    logs(RUN, 1, false);
    logs(RUN, 2, false);
    LogAudit.Outcome outcome = audit(5);
    assertEquals(2, outcome.missing());
    assertEquals(1, outcome.repeated());
    assertEquals(1, outcome.reordered());
    assertEquals(4, outcome.examples().size());
  }

  @Test
  void otherEntriesDoNotCount() throws Exception {
    logs(RUN, 0, true);
    logs(RUN + 1, 0, false);
    assertEquals(1, audit(1).missing());
  }

  private void logs(long run, int sequence, boolean outgoing) {
    byte[] stanza =
        "<message><body>fault:%d:0:%d:0</body></message>".formatted(run, sequence).getBytes(UTF_8);
    Jid peer = Jid.parse("romeo@localhost");
    lastId++;
    juliets.put(lastId, new MailboxEntry(lastId, 0, peer, outgoing, true, false, stanza));
  }

  private LogAudit.Outcome audit(int acked) throws InterruptedException {
    BitSet romeos = new BitSet();
    romeos.set(0, acked);
    return new LogAudit(new Logs(Map.of(Jid.parse("juliet@localhost"), juliets)))
        .compare(RUN, ACCOUNTS, List.of(romeos, new BitSet()), BEGIN);
  }

  /** Logs that are made up. */
  private record Logs(Map<Jid, TreeMap<Long, MailboxEntry>> entries) implements Mailboxes {
    @Override
    public Future<List<MailboxEntry>> read(Jid user, long after, int limit) {
      return Future.succeededFuture(
          entries.getOrDefault(user, new TreeMap<>()).tailMap(after, false).values().stream()
              .limit(limit)
              .toList());
    }

    @Override
    public Future<Void> append(Jid user, MailboxEntry entry) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<List<MailboxEntry>> since(Jid user, long after) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<ArchivePage> archive(Jid user, ArchiveQuery query) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<Boolean> areArchived(Jid user, Collection<Long> ids) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<OfflineState> offlineState(Jid user) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> moveOfflineCursor(Jid user, long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> delete(Jid user) {
      throw new UnsupportedOperationException();
    }
  }
}
