package io.rookery.storage.cassandra;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.cassandra.CommitLog;
import io.rookery.cassandra.EmbeddedCassandra;
import io.rookery.cassandra.NodeOptions;
import io.rookery.protocol.jid.Jid;
import io.rookery.storage.mailbox.MailboxEntry;
import io.rookery.storage.mailbox.Mailboxes;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What an append costs, in CPU time of this process and of Cassandra, and how long it takes. Run by
 * hand, from the root of the checkout, after {@code ./mvnw -pl storage -am test-compile
 * dependency:build-classpath -Dmdep.outputFile=/tmp/cp} and {@code ./mvnw -pl cassandra/dist
 * generate-resources}:
 *
 * <pre>
 * java -Dcassandra.lib=cassandra/dist/target/lib \
 *   -cp storage/target/test-classes:storage/target/classes:$(cat /tmp/cp) \
 *   io.rookery.storage.cassandra.AppendLoad BATCH 256 100000 8 NEW_DIRECTORY [YAML_KEY=VALUE ...]
 * </pre>
 *
 * Arguments: commit log, appends in flight on each of two event loops, appends in a round, rounds,
 * Cassandra's new directory, changes to its settings. An append that succeeds starts the next one.
 * 10,000 users, 300 bytes an entry. The first rounds are warm-up.
 */
final class AppendLoad {
  private static final int LOOPS = 2;
  private static final int USERS = 10_000;
  private static final int STANZA_BYTES = 300;

  private final Mailboxes mailboxes;
  private final int loop;
  private final Jid[] users = new Jid[USERS];
  private final Jid peer = Jid.parse("juliet@capulet.example/balcony");
  private final byte[] stanza = "x".repeat(STANZA_BYTES).getBytes(StandardCharsets.UTF_8);
  private final long[] nanos;
  private final Promise<Void> done = Promise.promise();
  private int started;
  private int finished;
  private long id = System.currentTimeMillis() << 16;

  private AppendLoad(Mailboxes mailboxes, int loop, int appends) {
    this.mailboxes = mailboxes;
    this.loop = loop;
    this.nanos = new long[appends];
    Arrays.setAll(users, i -> Jid.of("user" + (i * LOOPS + loop), "example.org", null));
  }

  public static void main(String[] args) throws Exception {
    Map<String, String> yaml = new HashMap<>();
    Stream.of(args)
        .skip(5)
        .map(arg -> arg.split("=", 2))
        .forEach(setting -> yaml.put(setting[0], setting[1]));
    NodeOptions options =
        NodeOptions.builder(Path.of(System.getProperty("cassandra.lib")), Path.of(args[4]))
            .commitLog(CommitLog.valueOf(args[0]))
            .settings(yaml)
            .build();
    EmbeddedCassandra node = EmbeddedCassandra.start(options);
    Vertx vertx = Vertx.vertx();
    try {
      SimpleMeterRegistry meters = new SimpleMeterRegistry();
      StorageConfig config = StorageConfig.singleNode(node.contactPoint(), "load");
      CassandraStorage storage = get(CassandraStorage.open(vertx, config, meters));
      List<Context> contexts = new ArrayList<>();
      for (int loop = 0; loop < LOOPS; loop++) {
        contexts.add(((VertxInternal) vertx).createEventLoopContext());
      }
      int inFlight = Integer.parseInt(args[1]);
      int appends = Integer.parseInt(args[2]) / LOOPS;
      for (int round = 1; round <= Integer.parseInt(args[3]); round++) {
        List<AppendLoad> loads = new ArrayList<>();
        for (int loop = 0; loop < LOOPS; loop++) {
          loads.add(new AppendLoad(storage.mailboxes(), loop, appends));
        }
        System.out.println("round " + round + ": " + run(loads, contexts, inFlight, node));
      }
      get(storage.close());
    } finally {
      node.kill();
      get(vertx.close());
    }
  }

  private static String run(
      List<AppendLoad> loads, List<Context> contexts, int inFlight, EmbeddedCassandra node)
      throws Exception {
    ProcessHandle server = ProcessHandle.of(node.pid()).orElseThrow();
    Duration clientCpu = cpu(ProcessHandle.current());
    Duration serverCpu = cpu(server);
    long allocated = allocated();
    long begin = System.nanoTime();
    for (AppendLoad load : loads) {
      contexts.get(load.loop).runOnContext(start -> load.start(inFlight));
    }
    get(Future.all(loads.stream().map(load -> load.done.future()).toList()));
    double seconds = (System.nanoTime() - begin) / 1e9;
    long[] nanos = loads.stream().flatMapToLong(load -> Arrays.stream(load.nanos)).toArray();
    Arrays.sort(nanos);
    return String.format(
        "%.0f/s, client %.1f us and %d bytes, server %.1f us each, p50 %.2f ms, p99 %.2f ms",
        nanos.length / seconds,
        micros(cpu(ProcessHandle.current()).minus(clientCpu), nanos.length),
        (allocated() - allocated) / nanos.length,
        micros(cpu(server).minus(serverCpu), nanos.length),
        nanos[nanos.length / 2] / 1e6,
        nanos[(int) (nanos.length * 0.99)] / 1e6);
  }

  private void start(int inFlight) {
    for (int i = 0; i < inFlight; i++) {
      next();
    }
  }

  private void next() {
    int number = started++;
    if (number >= nanos.length) {
      return;
    }
    long begin = System.nanoTime();
    MailboxEntry entry = new MailboxEntry(id++, 0, peer, false, true, false, stanza);
    mailboxes
        .append(users[number % USERS], entry)
        .onSuccess(
            appended -> {
              nanos[number] = System.nanoTime() - begin;
              if (++finished == nanos.length) {
                done.complete();
              } else {
                next();
              }
            })
        .onFailure(done::tryFail);
  }

  private static double micros(Duration total, int appends) {
    return total.toNanos() / 1e3 / appends;
  }

  private static Duration cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /** Of all live threads; the ones that matter live throughout. */
  private static long allocated() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds())).sum();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(300, TimeUnit.SECONDS);
  }
}
