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
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * What an append costs: arguments are a commit log mode, the number of appends per round, and a new
 * directory. Needs the system property {@code cassandra.lib}. One event loop keeps 256 appends in
 * flight; the first rounds are warm-up.
 */
final class AppendLoad {
  private static final int IN_FLIGHT = 256;
  private static final int ROUNDS = 5;
  private static final int USERS = 1_000;

  private final Mailboxes mailboxes;
  private final Jid[] users = new Jid[USERS];
  private final Jid peer = Jid.parse("juliet@capulet.example/balcony");
  private final byte[] stanza = "x".repeat(200).getBytes(StandardCharsets.UTF_8);
  private final long[] nanos;
  private int started;
  private int finished;
  private long id = System.currentTimeMillis() << 16;

  private AppendLoad(Mailboxes mailboxes, int appends) {
    this.mailboxes = mailboxes;
    this.nanos = new long[appends];
    Arrays.setAll(users, i -> Jid.of("user" + i, "example.org", null));
  }

  public static void main(String[] args) throws Exception {
    NodeOptions options =
        NodeOptions.builder(Path.of(System.getProperty("cassandra.lib")), Path.of(args[2]))
            .commitLog(CommitLog.valueOf(args[0]))
            .build();
    EmbeddedCassandra node = EmbeddedCassandra.start(options);
    Vertx vertx = Vertx.vertx();
    try {
      StorageConfig config = StorageConfig.singleNode(node.contactPoint(), "load");
      CassandraStorage storage =
          get(CassandraStorage.open(vertx, config, new SimpleMeterRegistry()));
      for (int round = 1; round <= ROUNDS; round++) {
        AppendLoad load = new AppendLoad(storage.mailboxes(), Integer.parseInt(args[1]));
        System.out.println(args[0] + " round " + round + ": " + load.run(vertx, node));
      }
      get(storage.close());
    } finally {
      node.kill();
      get(vertx.close());
    }
  }

  private String run(Vertx vertx, EmbeddedCassandra node) throws Exception {
    Context context = vertx.getOrCreateContext();
    Promise<Void> done = Promise.promise();
    Duration clientCpu = cpu(ProcessHandle.current());
    Duration serverCpu = cpu(ProcessHandle.of(node.pid()).orElseThrow());
    long allocated = allocated();
    long begin = System.nanoTime();
    context.runOnContext(
        start -> {
          for (int i = 0; i < IN_FLIGHT; i++) {
            next(done);
          }
        });
    get(done.future());
    double seconds = (System.nanoTime() - begin) / 1e9;
    Arrays.sort(nanos);
    return String.format(
        "%.0f/s, client %.1f us and %d bytes, server %.1f us each, p50 %.2f ms, p99 %.2f ms",
        nanos.length / seconds,
        micros(cpu(ProcessHandle.current()).minus(clientCpu)),
        (allocated() - allocated) / nanos.length,
        micros(cpu(ProcessHandle.of(node.pid()).orElseThrow()).minus(serverCpu)),
        nanos[nanos.length / 2] / 1e6,
        nanos[(int) (nanos.length * 0.99)] / 1e6);
  }

  private void next(Promise<Void> done) {
    int number = started++;
    if (number >= nanos.length) {
      return;
    }
    long begin = System.nanoTime();
    MailboxEntry entry = new MailboxEntry(id++, peer, false, true, false, stanza);
    mailboxes
        .append(users[number % USERS], entry)
        .onSuccess(
            appended -> {
              nanos[number] = System.nanoTime() - begin;
              if (++finished == nanos.length) {
                done.complete();
              } else {
                next(done);
              }
            })
        .onFailure(done::tryFail);
  }

  private double micros(Duration total) {
    return total.toNanos() / 1e3 / nanos.length;
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
