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
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedCassandraTest {
  private static final Path LIB = Path.of(System.getProperty("cassandra.lib"));

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
    assertTrue(Files.list(data.resolve("cache")).anyMatch(f -> f.toString().endsWith(".jsa")));
  }

  @Test
  void endsWhenTheProcessThatStartedItIsKilled() throws Exception {
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
    child.onExit().get(60, TimeUnit.SECONDS);
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
