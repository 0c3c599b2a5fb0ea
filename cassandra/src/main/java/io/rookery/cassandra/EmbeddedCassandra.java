package io.rookery.cassandra;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running Apache Cassandra: a child process made from its Maven artifacts, reachable from this
 * host only. It ends with this process, however this process ends. All methods block.
 */
public final class EmbeddedCassandra {
  /** For {@link #stop}: longer than a node needs, which ends itself after 20 s. */
  public static final Duration STOP_LIMIT = Duration.ofSeconds(NodeMain.EXIT_LIMIT_SECONDS + 5);

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedCassandra.class);
  private static final Duration START_LIMIT = Duration.ofSeconds(NodeMain.LOCK_WAIT_SECONDS + 120);
  private static final int POLL_MILLIS = 25;
  private static final int LOG_TAIL = 20;

  private final NodeOptions options;
  private final NodeFiles files;
  private final ArchiveDump dump;
  private final Process process;

  private EmbeddedCassandra(
      NodeOptions options, NodeFiles files, ArchiveDump dump, Process process) {
    this.options = options;
    this.files = files;
    this.dump = dump;
    this.process = process;
  }

  /**
   * Starts a node and returns when it answers CQL, which takes 2 to 10 seconds.
   *
   * @throws NodeStartException when the data directory is in use (known after 35 s, within which a
   *     node whose parent was killed has ended), or the node ended or did not answer within two
   *     minutes
   */
  public static EmbeddedCassandra start(NodeOptions wanted)
      throws IOException, InterruptedException {
    NodeOptions options = withFreePorts(wanted);
    NodeFiles files = new NodeFiles(options);
    JavaHome java = JavaHome.choose();
    files.write();
    List<Path> classPath = new ArrayList<>();
    classPath.add(files.mainJar(!java.hasSecurityManager()));
    classPath.addAll(jars(options.lib()));
    ClassArchive archive = ClassArchive.of(options, java, classPath);
    NodeCommand command = new NodeCommand(options, files, java, classPath, archive);
    ArchiveDump dump = new ArchiveDump(archive, command.archiveArguments(), files.archiveLog());
    EmbeddedCassandra node =
        new EmbeddedCassandra(options, files, dump, launch(command.arguments(), files));
    node.awaitAnswer();
    dump.begin();
    return node;
  }

  private static Process launch(List<String> command, NodeFiles files) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(files.options().dataDirectory().toFile())
            .redirectErrorStream(true)
            .redirectOutput(files.console().toFile());
    // Without a limit, glibc's arenas cost some 100 MB.
    builder.environment().put("MALLOC_ARENA_MAX", "4");
    return builder.start();
  }

  private static List<Path> jars(Path lib) throws IOException {
    if (!Files.isDirectory(lib)) {
      throw new NodeStartException("no directory with Cassandra's jars: " + lib);
    }
    try (Stream<Path> entries = Files.list(lib)) {
      return entries.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  private static NodeOptions withFreePorts(NodeOptions options) throws IOException {
    InetAddress address = options.address();
    try (ServerSocket first = new ServerSocket(options.nativePort(), 1, address);
        ServerSocket second = new ServerSocket(options.storagePort(), 1, address)) {
      return options.withPorts(first.getLocalPort(), second.getLocalPort());
    } catch (IOException e) {
      throw new IOException("ports of " + options.address() + ": " + e.getMessage(), e);
    }
  }

  private void awaitAnswer() throws IOException, InterruptedException {
    long begin = System.nanoTime();
    try {
      while (!CqlProbe.answers(contactPoint())) {
        if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
          throw ended();
        }
        if (System.nanoTime() - begin > START_LIMIT.toNanos()) {
          throw new NodeStartException("Cassandra does not answer.\n" + logTail());
        }
      }
    } catch (IOException | InterruptedException e) {
      process.destroyForcibly();
      dump.cancel();
      throw e;
    }
    long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
    LOG.info("Cassandra answers on {} after {} ms, process {}", contactPoint(), millis, pid());
  }

  private NodeStartException ended() throws IOException {
    return process.exitValue() == NodeMain.IN_USE
        ? new NodeStartException("in use by another node: " + options.dataDirectory())
        : new NodeStartException(
            "Cassandra ended with code " + process.exitValue() + ".\n" + logTail());
  }

  private String logTail() throws IOException {
    StringBuilder tail = new StringBuilder();
    for (Path log : List.of(files.console(), files.systemLog())) {
      if (Files.exists(log)) {
        // Decoded here, because the JVM may write what is not UTF-8.
        List<String> lines =
            new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
        lines.stream()
            .skip(Math.max(0, lines.size() - LOG_TAIL))
            .forEach(line -> tail.append(line).append('\n'));
      }
    }
    return tail.toString();
  }

  /** Where it answers CQL. The name of its datacentre is {@code datacenter1}. */
  public InetSocketAddress contactPoint() {
    return new InetSocketAddress(options.address(), options.nativePort());
  }

  /** With the ports in use, to start the same node again. */
  public NodeOptions options() {
    return options;
  }

  public long pid() {
    return process.pid();
  }

  /** Its class archive in the making. */
  ArchiveDump dump() {
    return dump;
  }

  /** Stops in order: what is written is in tables, so that the next start is fast. */
  public void stop(Duration limit) throws IOException, InterruptedException {
    process.getOutputStream().close();
    dump.cancel();
    if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
      LOG.warn("Cassandra did not stop within {}, killing process {}", limit, pid());
      kill();
    }
  }

  /** SIGKILL, as in a crash. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    dump.cancel();
    process.waitFor();
  }
}
