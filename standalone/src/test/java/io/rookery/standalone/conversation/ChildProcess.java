package io.rookery.standalone.conversation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One process of a service under test.
 *
 * @param log its output, appended to over restarts
 * @param ready answers 200 when the process may be used
 */
public record ChildProcess(
    String name, List<String> command, Map<String, String> environment, Path log, URI ready) {
  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

  public ChildProcess {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** A started process; not necessarily ready yet. */
  public record Running(ChildProcess what, Process process) {

    /** Waits for readiness. */
    public void awaitReady() {
      HttpClient http = HttpClient.newHttpClient();
      long deadline = System.nanoTime() + START_LIMIT.toNanos();
      try {
        while (!isReady(http)) {
          // There is nothing to subscribe to before the process listens, so this asks again.
          if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException(
                what.name + " ended with " + process.exitValue() + ", see " + what.log);
          }
          if (System.nanoTime() > deadline) {
            throw new IllegalStateException(what.name + " is not ready, see " + what.log);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    /** SIGTERM, and SIGKILL when that was not enough. */
    public void stop() {
      process.destroy();
      try {
        if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly().waitFor();
          throw new IllegalStateException(what.name + " ignored SIGTERM, see " + what.log);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    /** SIGKILL; also ends a process that is stopped. */
    public void kill() {
      try {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    /** What the node measures, in Prometheus' format. */
    public String metrics(HttpClient http) throws InterruptedException, IOException {
      HttpRequest request =
          HttpRequest.newBuilder(what.ready.resolve("/metrics"))
              .timeout(Duration.ofSeconds(5))
              .build();
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    public boolean isReady(HttpClient http) throws InterruptedException {
      HttpRequest request =
          HttpRequest.newBuilder(what.ready).timeout(Duration.ofSeconds(5)).build();
      try {
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
      } catch (IOException notListening) {
        return false;
      }
    }
  }

  public Running start() {
    try {
      Files.createDirectories(log.getParent());
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().putAll(environment);
      Process process = builder.start();
      // A test run that is killed must not leave its service behind.
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return new Running(this, process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
