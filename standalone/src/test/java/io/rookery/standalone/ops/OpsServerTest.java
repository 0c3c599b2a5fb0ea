package io.rookery.standalone.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.rookery.protocol.jid.Jid;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpsServerTest {
  private final Vertx vertx = Vertx.vertx();
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ProcessMetrics process = new ProcessMetrics(meters);
  private final EventLoopLag lag = new EventLoopLag(meters);
  private final Map<String, Readiness.Check> checks = new LinkedHashMap<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private int port;

  @BeforeEach
  void listen() {
    OpsServer server =
        new OpsServer(
            vertx,
            meters,
            new Readiness(checks, Duration.ofMillis(200)),
            lag,
            address -> Optional.of("router-of-" + address.local()),
            new Administrator());
    port = await(server.listen(new OpsConfig("127.0.0.1", 0)));
  }

  @AfterEach
  void close() {
    process.close();
    await(vertx.close());
  }

  @Test
  void servesTheMetricsOfTheProcess() throws Exception {
    meters.counter("rookery.logins").increment();
    HttpResponse<String> response = get("/metrics");
    assertEquals(200, response.statusCode());
    assertEquals(
        "text/plain; version=0.0.4; charset=utf-8",
        response.headers().firstValue("content-type").orElseThrow());
    for (String name :
        new String[] {
          "rookery_logins_total 1.0",
          "jvm_memory_used_bytes{",
          "jvm_threads_live_threads ",
          "process_cpu_usage ",
          "process_files_open_files ",
          "process_uptime_seconds "
        }) {
      assertTrue(response.body().contains("\n" + name), name);
    }
  }

  @Test
  void removesAccountsForWhoKnowsTheToken() throws Exception {
    assertEquals(202, delete("juliet%40localhost", "Bearer right"));
    assertEquals(404, delete("romeo%40localhost", "Bearer right"));
    assertEquals(400, delete("%40", "Bearer right"));
    assertEquals(401, delete("juliet%40localhost", "Bearer wrong"));
    assertEquals(401, delete("juliet%40localhost", "Basic right"));
    assertEquals(401, delete("juliet%40localhost", "right"));
    assertEquals(503, delete("mercutio%40localhost", "Bearer right"));
    assertEquals(405, get("/accounts?jid=juliet%40localhost").statusCode());
  }

  private int delete(String jid, String authorization) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + "/accounts?jid=" + jid);
    HttpRequest request =
        HttpRequest.newBuilder(uri).header("Authorization", authorization).DELETE().build();
    return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  /** Knows one account, and one that breaks. */
  private static final class Administrator implements Administration {
    @Override
    public Future<Boolean> admits(String token) {
      return Future.succeededFuture(token.equals("right"));
    }

    @Override
    public Future<Boolean> removeAccount(Jid account) {
      return account.local().equals("mercutio")
          ? Future.failedFuture("no storage")
          : Future.succeededFuture(account.local().equals("juliet"));
    }
  }

  @Test
  void isReadyWhenEveryCheckIsUp() throws Exception {
    checks.put("cluster", () -> Future.succeededFuture(Health.UP));
    checks.put("listeners", () -> Future.succeededFuture(Health.UP));
    HttpResponse<String> response = get("/health/ready");
    assertEquals(200, response.statusCode());
    assertEquals(
        new JsonObject(
            """
            {"status": "ready",
             "checks": {"cluster": {"status": "up"}, "listeners": {"status": "up"}}}
            """),
        new JsonObject(response.body()));
  }

  @Test
  void givesTheReasonsForNotBeingReady() throws Exception {
    Promise<Health> silence = Promise.promise();
    checks.put("cluster", () -> Future.succeededFuture(Health.UP));
    checks.put("listeners", () -> Future.succeededFuture(new Health.Down("port 5222 is taken")));
    checks.put("storage", () -> Future.failedFuture(new IOException("no node answers")));
    checks.put("silent", silence::future);
    checks.put(
        "broken",
        () -> {
          throw new IllegalStateException("bug");
        });
    HttpResponse<String> response = get("/health/ready");
    assertEquals(503, response.statusCode());
    JsonObject body = new JsonObject(response.body());
    assertEquals("not ready", body.getString("status"));
    JsonObject reasons = body.getJsonObject("checks");
    assertEquals("up", reasons.getJsonObject("cluster").getString("status"));
    assertEquals("port 5222 is taken", reasons.getJsonObject("listeners").getString("reason"));
    assertEquals(
        "java.io.IOException: no node answers",
        reasons.getJsonObject("storage").getString("reason"));
    assertTrue(reasons.getJsonObject("silent").getString("reason").contains("imeout"));
    assertTrue(reasons.getJsonObject("broken").getString("reason").endsWith("bug"));
  }

  @Test
  void isLive() throws Exception {
    HttpResponse<String> response = get("/health/live");
    assertEquals(200, response.statusCode());
    assertEquals("{\"status\":\"live\"}", response.body());
  }

  @Test
  void answersOtherRequests() throws Exception {
    assertEquals(404, get("/").statusCode());
    HttpRequest post =
        HttpRequest.newBuilder(uri("/metrics"))
            .POST(HttpRequest.BodyPublishers.ofString("x"))
            .build();
    assertEquals(405, http.send(post, HttpResponse.BodyHandlers.ofString()).statusCode());
  }

  @Test
  void measuresALateEventLoop() throws Exception {
    Context context = vertx.getOrCreateContext();
    lag.watch("0", context);
    Promise<Void> late = Promise.promise();
    context.runOnContext(
        start -> {
          long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(400);
          while (System.nanoTime() < until) {
            Thread.onSpinWait();
          }
          // Behind the late tick in the queue of the same loop.
          vertx.setTimer(1, id -> late.complete());
        });
    await(late.future());
    double seconds =
        meters.get("rookery.eventloop.lag").tag("loop", "0").timer().max(TimeUnit.SECONDS);
    assertTrue(seconds > 0.25 && seconds < 10, "lag " + seconds);
    assertTrue(get("/metrics").body().contains("rookery_eventloop_lag_seconds_bucket{loop=\"0\""));
  }

  @Test
  void measuresABusyEventLoop() {
    Vertx sampler = Vertx.vertx();
    Context context = vertx.getOrCreateContext();
    new EventLoopLoad(sampler, meters, Duration.ofMillis(100)).watch("0", context);
    Promise<Double> busy = Promise.promise();
    context.runOnContext(
        start -> {
          long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
          double ratio = 0;
          while (ratio < 0.3 && System.nanoTime() < limit) {
            ratio = meters.get("rookery.eventloop.busy.ratio").tag("loop", "0").gauge().value();
          }
          busy.complete(ratio);
        });
    double ratio = await(busy.future());
    assertTrue(ratio >= 0.3 && ratio <= 1, "busy " + ratio);
    Promise<Void> idle = Promise.promise();
    vertx.setPeriodic(
        50,
        id -> {
          if (meters.get("rookery.eventloop.busy.ratio").gauge().value() < 0.2) {
            idle.tryComplete();
          }
        });
    await(idle.future().timeout(20, TimeUnit.SECONDS));
    await(sampler.close());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
