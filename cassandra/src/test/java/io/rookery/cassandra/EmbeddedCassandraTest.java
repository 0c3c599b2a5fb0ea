package io.rookery.cassandra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedCassandraTest {
  private static final Path LIB = Path.of(System.getProperty("cassandra.lib"));
  private static final int ARCHIVE_LIMIT_SECONDS = 240;

  @TempDir Path data;

  @Test
  void oneNodePerDataDirectoryAndItStartsAgainAfterBothKindsOfEnd() throws Exception {
    EmbeddedCassandra node = EmbeddedCassandra.start(options().build());
    try {
      assertTrue(CqlProbe.answers(node.contactPoint()));
      NodeStartException refused =
          assertThrows(NodeStartException.class, () -> EmbeddedCassandra.start(options().build()));
      assertTrue(refused.getMessage().contains("in use"), refused.getMessage());
    } finally {
      node.kill();
    }
    assertFalse(CqlProbe.answers(node.contactPoint()));
    EmbeddedCassandra again = EmbeddedCassandra.start(node.options());
    assertEquals(node.contactPoint(), again.contactPoint());
    again.stop(Duration.ofSeconds(60));
    assertFalse(ProcessHandle.of(again.pid()).isPresent());
    assertOnlyWholeArchives();
  }

  @Test
  void startsAgainAtOnceWhenTheProcessThatStartedItWasKilled() throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ParentMain.class.getName(),
                data.toString(),
                LIB.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long pid = Long.parseLong(parent.inputReader().readLine());
    ProcessHandle child = ProcessHandle.of(pid).orElseThrow();
    parent.destroyForcibly().waitFor();
    EmbeddedCassandra again = EmbeddedCassandra.start(options().build());
    try {
      assertTrue(CqlProbe.answers(again.contactPoint()));
      child.onExit().get(1, TimeUnit.SECONDS);
    } finally {
      again.stop(EmbeddedCassandra.STOP_LIMIT);
    }
    assertFalse(cached().stream().anyMatch(name -> name.endsWith(".list")), "left by the first");
  }

  @Test
  void aClassArchiveIsMadeBesideTheFirstNodeAndUsedByTheNext() throws Exception {
    EmbeddedCassandra first = EmbeddedCassandra.start(options().build());
    try {
      first.dump().end().get(ARCHIVE_LIMIT_SECONDS, TimeUnit.SECONDS);
      assertTrue(CqlProbe.answers(first.contactPoint()));
    } finally {
      first.stop(EmbeddedCassandra.STOP_LIMIT);
    }
    assertEquals(1, cached().stream().filter(name -> name.endsWith(".jsa")).count());
    Path loaded = data.resolve("loaded");
    NodeOptions options =
        options()
            .jvmArguments("-XX:TieredStopAtLevel=1", "-Xlog:class+load:file=" + loaded)
            .build();
    EmbeddedCassandra.start(options).stop(EmbeddedCassandra.STOP_LIMIT);
    String main = "org.apache.cassandra.service.CassandraDaemon source: shared objects file";
    try (Stream<String> lines = Files.lines(loaded)) {
      assertTrue(lines.anyMatch(line -> line.contains(main)));
    }
    assertOnlyWholeArchives();
  }

  /** A dump that was cut short has left nothing. */
  private void assertOnlyWholeArchives() throws IOException {
    List<String> others = new ArrayList<>(cached());
    others.removeIf(name -> name.matches("[0-9a-f]{16}\\.jsa|node.*\\.jar"));
    assertEquals(List.of(), others);
  }

  private List<String> cached() throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("cache"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void saysWhyANodeDidNotStart() {
    NodeOptions options = options().settings(Map.of("partitioner", "nonsense")).build();
    NodeStartException failure =
        assertThrows(NodeStartException.class, () -> EmbeddedCassandra.start(options));
    assertTrue(failure.getMessage().contains("nonsense"), failure.getMessage());
  }

  @Test
  void neverListensToTheWorld() throws IOException {
    InetAddress any = InetAddress.getByName("0.0.0.0");
    assertThrows(IllegalArgumentException.class, () -> options().address(any).build());
  }

  @Test
  void aNodeOfAClusterDoesNotTakeTheCommitLogOfASingleOne() {
    assertEquals(CommitLog.REQUEST, options().build().commitLog());
    NodeOptions.Builder clustered = options().settings(Map.of("seed_provider", "[]"));
    assertEquals(CommitLog.BATCH, clustered.build().commitLog());
    assertThrows(
        IllegalArgumentException.class, () -> clustered.commitLog(CommitLog.REQUEST).build());
  }

  private NodeOptions.Builder options() {
    return options(data);
  }

  private static NodeOptions.Builder options(Path data) {
    return NodeOptions.builder(LIB, data).jvmArguments("-XX:TieredStopAtLevel=1");
  }

  /** Starts a node, says its process id and waits to be killed. */
  static final class ParentMain {
    private ParentMain() {}

    public static void main(String[] args) throws Exception {
      List<String> arguments = List.of(args);
      NodeOptions options =
          NodeOptions.builder(Path.of(arguments.get(1)), Path.of(arguments.get(0))).build();
      System.out.println(EmbeddedCassandra.start(options).pid());
      Thread.currentThread().join();
    }
  }
}
