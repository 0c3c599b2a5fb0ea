package io.rookery.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** A Prometheus with the configuration of the compose file, for other targets. */
record Prometheus(URI uri, Process process, Path log) {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  static Prometheus start(LiveCluster cluster) throws IOException {
    String config = Project.read(Project.DOCKER.resolve("prometheus.yml"));
    for (LiveNode node : cluster.nodes()) {
      String target = node.name().replace("rookery-", "").replace("-1", "-2").replace("-0", "-1");
      String address = node.address() + ":" + node.pod().port("ops");
      if (!config.contains(target + ":9280")) {
        throw new AssertionError("no target " + target);
      }
      config = config.replace(target + ":9280", address);
    }
    Path directory = Files.createDirectories(Project.TARGET.resolve("prometheus"));
    Path file = directory.resolve("prometheus.yml");
    Files.writeString(file, config.replace("scrape_interval: 15s", "scrape_interval: 1s"));
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Path log = directory.resolve("prometheus.log");
    Path data = Files.createTempDirectory(directory, "data");
    Process process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + file,
                "--storage.tsdb.path=" + data,
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    return new Prometheus(URI.create("http://127.0.0.1:" + port), process, log);
  }

  /** How many series a query finds now. */
  int series(String query) throws IOException, InterruptedException {
    JsonNode answer =
        get("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
    if (!answer.path("status").asText().equals("success")) {
      throw new AssertionError(query + ": " + answer);
    }
    return answer.path("data").path("result").size();
  }

  /** Names of all metrics that were scraped so far. */
  Set<String> names() throws IOException, InterruptedException {
    Set<String> names = new TreeSet<>();
    get("/api/v1/label/__name__/values").path("data").forEach(name -> names.add(name.asText()));
    return names;
  }

  /** Asks again until a query finds so many series: scrapes come one by one. */
  void await(String query, int series) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (!answers() || series(query) < series) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError("no result of " + query + ", see " + log);
      }
      Thread.sleep(200);
    }
  }

  private boolean answers() throws InterruptedException {
    try {
      get("/api/v1/status/buildinfo");
      return true;
    } catch (IOException starting) {
      return false;
    }
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(uri + path)).build();
    return JSON.readTree(HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
