package io.rookery.k8s;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process that stands for a pod: the entry point of the image with the arguments and the
 * environment of the manifest, on a loopback address of its own.
 *
 * @param clients port of the STARTTLS listener; connectors only
 */
record LiveNode(
    String name, Node pod, String address, int clients, int clientsTls, Path log, Process process) {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration START_LIMIT = Duration.ofMinutes(3);

  /**
   * @param settings what is different from a pod, on top of the environment of the manifest
   */
  static LiveNode start(
      String name, Node pod, String address, Image image, Path config, Map<String, String> settings)
      throws IOException {
    int clients = freePort(address);
    int clientsTls = freePort(address);
    List<String> command = new ArrayList<>(List.of(image.launcher().toString()));
    for (String argument : pod.container().getArgs()) {
      command.add(argument.endsWith("rookery.yml") ? config.toString() : argument);
    }
    Path log = config.resolveSibling(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    Map<String, String> environment = new HashMap<>(image.environment());
    environment.putAll(pod.environment(name, address));
    String options = environment.get("ROOKERY_JAVA_OPTS");
    environment.putAll(settings);
    // Hazelcast takes an address only that the machine lists, and of loopback that is one.
    environment.merge(
        "ROOKERY_JAVA_OPTS",
        options + " -Dhazelcast.local.localAddress=" + address,
        (added, own) -> own + " " + added);
    environment.put("ROOKERY_OPS_ADDRESS", address);
    environment.put(
        "ROOKERY_CONNECTOR_LISTENERS",
        "starttls://%1$s:%2$d, direct://%1$s:%3$d".formatted(address, clients, clientsTls));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    // A test run that is killed must not leave it behind.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    return new LiveNode(name, pod, address, clients, clientsTls, log, process);
  }

  private static int freePort(String address) throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(address))) {
      return socket.getLocalPort();
    }
  }

  void awaitReady() throws InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    String path = pod.container().getReadinessProbe().getHttpGet().getPath();
    // There is nothing to subscribe to before it listens, so this asks again.
    while (status(path) != 200) {
      if (process.waitFor(200, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
        throw new AssertionError(name + " is not ready, see " + log);
      }
    }
  }

  /** Of a GET to its ops port; 0 when it does not answer. */
  int status(String path) throws InterruptedException {
    try {
      return get(path).statusCode();
    } catch (IOException notListening) {
      return 0;
    }
  }

  String body(String path) throws IOException, InterruptedException {
    return get(path).body();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://" + address + ":" + pod.port("ops") + path);
    return HTTP.send(
        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** As Kubernetes ends a pod; says whether it ended by itself within the grace period. */
  boolean stop() throws InterruptedException {
    process.destroy();
    long grace = pod.pod().getSpec().getTerminationGracePeriodSeconds();
    boolean ended = process.waitFor(grace, TimeUnit.SECONDS);
    process.destroyForcibly().waitFor();
    return ended;
  }
}
