package io.rookery.standalone.fault;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rookery.protocol.jid.Jid;
import io.rookery.standalone.fault.client.Account;
import io.rookery.standalone.fault.client.Fleet;
import io.rookery.standalone.fault.client.Tag;
import io.rookery.storage.mailbox.MailboxEntry;
import io.rookery.storage.mailbox.Mailboxes;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Compares the recipients' logs with what the server has acknowledged. */
final class LogAudit {
  private static final int PAGE = 1000;
  private static final int EXAMPLES = 10;
  private static final Duration READ_LIMIT = Duration.ofSeconds(30);

  private final Mailboxes mailboxes;

  LogAudit(Mailboxes mailboxes) {
    this.mailboxes = mailboxes;
  }

  /**
   * What the logs say.
   *
   * @param missing acknowledged, and in no log
   * @param repeated further entries of a message
   * @param reordered entries after one of a later message of the same sender
   */
  record Outcome(long missing, long repeated, long reordered, List<String> examples) {
    Outcome {
      examples = List.copyOf(examples);
    }
  }

  /** Sums up while the logs are read. */
  private static final class Count {
    private final List<String> examples = new ArrayList<>();
    private long missing;
    private long repeated;
    private long reordered;

    private void example(String text) {
      if (examples.size() < EXAMPLES) {
        examples.add(text);
      }
    }
  }

  /**
   * Reads the logs of all recipients.
   *
   * @param acked what is acknowledged in the run, by flow
   * @param since entries before this are none of the run
   */
  Outcome compare(long run, List<Account> accounts, List<BitSet> acked, Instant since)
      throws InterruptedException {
    Count count = new Count();
    for (int flow = 0; flow < accounts.size(); flow++) {
      Account recipient = accounts.get(Fleet.partner(flow));
      BitSet logged = read(run, flow, Jid.parse(recipient.bare()), since, count);
      BitSet missing = acked.get(flow);
      missing.andNot(logged);
      count.missing += missing.cardinality();
      int sender = flow;
      missing.stream()
          .limit(EXAMPLES)
          .forEach(sequence -> count.example("not in the log " + sender + ":" + sequence));
    }
    return new Outcome(count.missing, count.repeated, count.reordered, count.examples);
  }

  private BitSet read(long run, int flow, Jid recipient, Instant since, Count count)
      throws InterruptedException {
    BitSet logged = new BitSet();
    long after = since.toEpochMilli() << 16;
    List<MailboxEntry> page;
    do {
      page = await(mailboxes.read(recipient, after, PAGE));
      for (MailboxEntry entry : page) {
        after = entry.id();
        Optional<Tag> tag = Tag.find(new String(entry.stanza(), UTF_8));
        if (!entry.outgoing() && tag.isPresent() && tag.get().run() == run) {
          enter(logged, flow, tag.get().sequence(), count);
        }
      }
    } while (page.size() == PAGE);
    return logged;
  }

  private static void enter(BitSet logged, int flow, int sequence, Count count) {
    if (logged.get(sequence)) {
      count.repeated++;
      count.example("again in the log " + flow + ":" + sequence);
    } else if (sequence < logged.length() - 1) {
      count.reordered++;
      count.example(
          "out of order in the log " + flow + ":" + sequence + " after " + (logged.length() - 1));
    }
    logged.set(sequence);
  }

  private static <T> T await(Future<T> future) throws InterruptedException {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(READ_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("log", e);
    }
  }
}
