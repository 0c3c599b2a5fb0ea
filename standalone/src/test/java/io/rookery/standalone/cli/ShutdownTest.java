package io.rookery.standalone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.standalone.config.Config;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** The end of a service's process, in a process of its own. */
@Timeout(60)
class ShutdownTest {
  private static final int SIGTERM_EXIT = 128 + 15;

  private Process process;

  @AfterEach
  void end() {
    process.destroyForcibly();
  }

  @Test
  void sigtermStopsTheServiceInOrder() throws Exception {
    BufferedReader output = start("orderly");
    assertEquals("started STANDALONE", output.readLine());
    terminate();
    assertEquals("stopped", output.readLine());
    assertTrue(output.readLine().endsWith("the last line logged"));
    assertEquals(null, output.readLine());
    assertEquals(SIGTERM_EXIT, process.waitFor());
  }

  @Test
  void aShutdownThatTakesTooLongIsCutShort() throws Exception {
    BufferedReader output = start("stuck");
    assertEquals("started STANDALONE", output.readLine());
    terminate();
    assertTrue(output.readLine().contains("The shutdown was not orderly"));
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    assertEquals(SIGTERM_EXIT, process.exitValue());
  }

  /** SIGTERM; unlike {@link Process#destroy} it leaves the output readable. */
  private void terminate() {
    process.toHandle().destroy();
  }

  private BufferedReader start(String mode) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    ServiceMain.class.getName(),
                    mode))
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("ROOKERY_SHUTDOWN_TIMEOUT", "1s");
    process = builder.start();
    return process.inputReader();
  }

  /** A service that does nothing but start and stop. */
  static final class ServiceMain implements Roles {
    private final String mode;

    private ServiceMain(String mode) {
      this.mode = mode;
    }

    public static void main(String[] arguments) {
      Map<String, String> environment = System.getenv();
      System.exit(
          new Rookery(new ServiceMain(arguments[0]), environment, Terminal.system())
              .run("standalone"));
    }

    @Override
    public Future<RunningService> startLocalCluster(Config config, List<String> options) {
      return Future.failedFuture("not part of this test");
    }

    @Override
    public Future<RunningService> start(Config config) {
      return Future.future(
          promise -> {
            promise.complete(this::stop);
            System.out.println("started " + config.cluster().role());
          });
    }

    private Future<Void> stop() {
      if (mode.equals("stuck")) {
        return Promise.<Void>promise().future();
      }
      System.out.println("stopped");
      LoggerFactory.getLogger("io.rookery.test").info("the last line logged");
      return Future.succeededFuture();
    }

    @Override
    public Future<AccountAccess> openAccounts(Config config) {
      throw new UnsupportedOperationException();
    }
  }
}
