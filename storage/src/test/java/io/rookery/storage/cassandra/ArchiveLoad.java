package io.rookery.storage.cassandra;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.cassandra.EmbeddedCassandra;
import io.rookery.cassandra.NodeOptions;
import io.rookery.protocol.jid.Jid;
import io.rookery.storage.mailbox.ArchiveQuery;
import io.rookery.storage.mailbox.MailboxEntry;
import io.rookery.storage.mailbox.Mailboxes;
import io.rookery.storage.mailbox.TextSearch;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What pages of a large archive cost, in CPU time of this process and of Cassandra, by how much of
 * the archive is with the contact. Run by hand as {@link AppendLoad}, with these arguments:
 *
 * <pre>
 * ArchiveLoad DIRECTORY MESSAGES PAGES [YAML_KEY=VALUE ...]
 * </pre>
 *
 * One user, all messages in one week, 350 bytes each; every second one is with the first contact,
 * every 20th with the second, every 1,000th with the third, at random. The directory is
 * Cassandra's; what is filled is used again. Four queries of a page of 50 are in flight, at random
 * places; then a search for text at a time, which looks at 10,000 messages in vain.
 */
final class ArchiveLoad {
  private static final int BODY_LENGTH = 130;

  /** Messages that a search looks at. */
  private static final int SEARCHED = 10_000;

  private static final int PAGE = 50;
  private static final int SEARCHES = 10;
  private static final int IN_FLIGHT = 4;
  private static final long FIRST = 2_950L * 7 * 24 * 3600 * 1000;
  private static final long STEP_MILLIS = 300;

  private static final Jid USER = Jid.parse("romeo@montague.example");
  private static final Jid[] CONTACTS = {
    Jid.parse("juliet@capulet.example"),
    Jid.parse("nurse@capulet.example"),
    Jid.parse("paris@verona.example")
  };

  private final Mailboxes mailboxes;
  private final Context context;
  private final ProcessHandle server;
  private final int messages;

  private ArchiveLoad(Mailboxes mailboxes, Context context, ProcessHandle server, int messages) {
    this.mailboxes = mailboxes;
    this.context = context;
    this.server = server;
    this.messages = messages;
  }

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    int messages = Integer.parseInt(args[1]);
    int pages = Integer.parseInt(args[2]);
    Map<String, String> yaml = new HashMap<>();
    Stream.of(args)
        .skip(3)
        .map(arg -> arg.split("=", 2))
        .forEach(setting -> yaml.put(setting[0], setting[1]));
    EmbeddedCassandra node =
        EmbeddedCassandra.start(
            NodeOptions.builder(Path.of(System.getProperty("cassandra.lib")), directory)
                .settings(yaml)
                .build());
    Vertx vertx = Vertx.vertx();
    try {
      StorageConfig config = StorageConfig.singleNode(node.contactPoint(), "load");
      CassandraStorage storage =
          get(CassandraStorage.open(vertx, config, new SimpleMeterRegistry()));
      ArchiveLoad load =
          new ArchiveLoad(
              storage.mailboxes(),
              ((VertxInternal) vertx).createEventLoopContext(),
              ProcessHandle.of(node.pid()).orElseThrow(),
              messages);
      Path filled = directory.resolve("filled");
      if (!Files.exists(filled)) {
        load.fill();
        Files.createFile(filled);
      }
      load.read(pages);
      get(storage.close());
      node.stop(Duration.ofSeconds(60));
    } finally {
      node.kill();
      get(vertx.close());
    }
  }

  private void fill() throws Exception {
    int batch = Math.max(1, messages / 4);
    Random random = new Random(1);
    for (int from = 0; from < messages; from += batch) {
      int first = from;
      measure("append", batch, 256, i -> mailboxes.append(USER, entry(first + i, random)));
    }
  }

  private static long id(int number) {
    return FIRST + number * STEP_MILLIS << 16;
  }

  private static MailboxEntry entry(int number, Random random) {
    int dice = random.nextInt(1000);
    Jid peer =
        dice < 500
            ? CONTACTS[0]
            : dice < 550
                ? CONTACTS[1]
                : dice < 551 ? CONTACTS[2] : Jid.parse("u" + dice + "@other.example");
    return new MailboxEntry(
        id(number), number + 1, peer.withResource("r"), false, true, false, stanza(peer, random));
  }

  /** Compresses about as text does. */
  private static byte[] stanza(Jid peer, Random random) {
    StringBuilder body = new StringBuilder();
    while (body.length() < BODY_LENGTH) {
      int letter = random.nextInt(32);
      body.append(letter < 26 ? (char) ('a' + letter) : ' ');
    }
    return ("<message xmlns='jabber:client' from='%s/balcony' to='%s' type='chat' id='m%d'>"
            + "<body>%s</body><active xmlns='http://jabber.org/protocol/chatstates'/></message>")
        .formatted(peer, USER, random.nextInt(), body)
        .getBytes(StandardCharsets.UTF_8);
  }

  private void read(int pages) throws Exception {
    for (int round = 1; round <= 3; round++) {
      System.out.println("round " + round);
      for (int c = -1; c < CONTACTS.length; c++) {
        Jid with = c < 0 ? null : CONTACTS[c];
        String name = c < 0 ? "all" : with.local();
        Random random = new Random(round);
        long end = id(messages);
        measure(name + " first", pages, IN_FLIGHT, i -> page(0, end, with, false));
        Supplier<Long> somewhere = () -> id(random.nextInt(messages));
        measure(name + " after", pages, IN_FLIGHT, i -> page(somewhere.get(), end, with, false));
        measure(name + " before", pages, IN_FLIGHT, i -> page(0, somewhere.get(), with, true));
        measure(name + " last", pages, IN_FLIGHT, i -> page(0, end, with, true));
      }
      measure("search", SEARCHES, 1, i -> search());
    }
  }

  private Future<?> search() {
    TextSearch text = TextSearch.of("NOT-THERE", SEARCHED);
    return mailboxes
        .archive(USER, new ArchiveQuery(0, id(messages), null, null, true, PAGE, text))
        .map(page -> "found")
        .recover(failure -> Future.succeededFuture("too much was read"));
  }

  private Future<?> page(long after, long before, Jid with, boolean backwards) {
    return mailboxes.archive(USER, new ArchiveQuery(after, before, with, null, backwards, PAGE));
  }

  private void measure(String name, int count, int inFlight, IntFunction<Future<?>> operation)
      throws Exception {
    Round round = new Round(count, operation);
    Duration clientCpu = cpu(ProcessHandle.current());
    Duration serverCpu = cpu(server);
    long begin = System.nanoTime();
    context.runOnContext(
        start -> {
          for (int i = 0; i < inFlight; i++) {
            round.next();
          }
        });
    get(round.done.future());
    double seconds = (System.nanoTime() - begin) / 1e9;
    double client = micros(cpu(ProcessHandle.current()).minus(clientCpu), count);
    double cassandra = micros(cpu(server).minus(serverCpu), count);
    Arrays.sort(round.nanos);
    System.out.printf(
        "%-14s %6.0f/s, client %5.0f + server %5.0f = %5.0f us, p50 %.2f ms, p99 %.2f ms%n",
        name,
        count / seconds,
        client,
        cassandra,
        client + cassandra,
        round.nanos[count / 2] / 1e6,
        round.nanos[(int) (count * 0.99)] / 1e6);
  }

  /** Operations of one kind; one that ends starts the next. */
  private static final class Round {
    private final IntFunction<Future<?>> operation;
    private final long[] nanos;
    private final Promise<Void> done = Promise.promise();
    private int started;
    private int finished;

    Round(int count, IntFunction<Future<?>> operation) {
      this.operation = operation;
      this.nanos = new long[count];
    }

    void next() {
      int number = started++;
      if (number >= nanos.length) {
        return;
      }
      long begin = System.nanoTime();
      operation
          .apply(number)
          .onSuccess(
              ended -> {
                nanos[number] = System.nanoTime() - begin;
                if (++finished == nanos.length) {
                  done.complete();
                } else {
                  next();
                }
              })
          .onFailure(done::tryFail);
    }
  }

  private static double micros(Duration total, int count) {
    return total.toNanos() / 1e3 / count;
  }

  private static Duration cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().orElseThrow();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(300, TimeUnit.SECONDS);
  }
}
