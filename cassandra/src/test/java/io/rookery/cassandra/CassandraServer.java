package io.rookery.cassandra;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * A real Cassandra for tests, one for all tests of a JVM: in a container where a container engine
 * answers, as a child process otherwise. Register it in a static field and use a {@link
 * #freshKeyspace} per test class.
 */
public final class CassandraServer implements BeforeAllCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(CassandraServer.class);
  private static final Path ENGINE_SOCKET = Path.of("/var/run/docker.sock");
  private static final String IMAGE = "cassandra:5.0";
  private static final int NATIVE_PORT = 9042;

  private Running running;

  /** Ended by JUnit with the last test. */
  private interface Running extends AutoCloseable {
    InetSocketAddress contactPoint();

    @Override
    void close() throws IOException;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    running =
        context
            .getRoot()
            .getStore(NAMESPACE)
            .computeIfAbsent(Running.class, key -> start(), Running.class);
  }

  public InetSocketAddress contactPoint() {
    return running.contactPoint();
  }

  /** A name nobody else uses. */
  public String freshKeyspace() {
    return "test_" + UUID.randomUUID().toString().replace("-", "");
  }

  /** A node of one's own, to be killed for example; with what makes starting fast. */
  public static NodeOptions.Builder node(Path dataDirectory) {
    Path lib = Path.of(System.getProperty("cassandra.lib"));
    return NodeOptions.builder(lib, dataDirectory)
        .cache(lib.resolveSibling("cache"))
        .jvmArguments("-XX:TieredStopAtLevel=1");
  }

  private static Running start() {
    try {
      return engineAnswers() ? new Container() : new Child();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The look at the environment spares machines without an engine the search for one. */
  private static boolean engineAnswers() {
    return (System.getenv("DOCKER_HOST") != null || Files.exists(ENGINE_SOCKET))
        && DockerClientFactory.instance().isDockerAvailable();
  }

  private static final class Container implements Running {
    private final GenericContainer<?> container =
        new GenericContainer<>(IMAGE)
            .withExposedPorts(NATIVE_PORT)
            .waitingFor(Wait.forLogMessage(".*Starting listening for CQL clients.*", 1));

    Container() {
      container.start();
    }

    @Override
    public InetSocketAddress contactPoint() {
      return new InetSocketAddress(container.getHost(), container.getMappedPort(NATIVE_PORT));
    }

    @Override
    public void close() {
      container.stop();
    }
  }

  private static final class Child implements Running {
    private final Path data = Files.createTempDirectory("cassandra");
    private final EmbeddedCassandra node;

    Child() throws IOException, InterruptedException {
      node = EmbeddedCassandra.start(node(data).build());
    }

    @Override
    public InetSocketAddress contactPoint() {
      return node.contactPoint();
    }

    @Override
    public void close() throws IOException {
      try {
        node.stop(Duration.ofSeconds(60));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      try (Stream<Path> files = Files.walk(data)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
