package io.rookery.standalone.ops;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;

/**
 * Serves {@code /metrics} in the format of Prometheus, {@code /health/live} (event loops turn) and
 * {@code /health/ready} (all checks of {@link Readiness} are up): 200 for yes, 503 and the reasons
 * as JSON for no; {@code /owner?jid=ADDRESS}, which node owns an account; and {@link
 * AccountRequests}.
 */
public final class OpsServer {
  private static final Duration STUCK = Duration.ofSeconds(30);
  private static final int IDLE_SECONDS = 60;

  private final Vertx vertx;
  private final HttpServer server;
  private final PrometheusMeterRegistry meters;
  private final Readiness readiness;
  private final EventLoopLag lag;
  private final Owners owners;
  private final AccountRequests accounts;

  /** Knows which router owns an address. */
  public interface Owners {
    /** Name of the node; empty while there is none. */
    Optional<String> ownerOf(Jid address);
  }

  public OpsServer(
      Vertx vertx,
      PrometheusMeterRegistry meters,
      Readiness readiness,
      EventLoopLag lag,
      Owners owners,
      Administration administration) {
    this.vertx = vertx;
    this.meters = meters;
    this.readiness = readiness;
    this.lag = lag;
    this.owners = owners;
    this.accounts = new AccountRequests(administration);
    this.server =
        vertx
            .createHttpServer(new HttpServerOptions().setIdleTimeout(IDLE_SECONDS))
            .requestHandler(this::handle);
  }

  /** Starts to listen; yields the port. */
  public Future<Integer> listen(OpsConfig config) {
    return server.listen(config.port(), config.address()).map(HttpServer::actualPort);
  }

  public Future<Void> close() {
    return server.close();
  }

  private void handle(HttpServerRequest request) {
    if (request.path().equals("/accounts")) {
      accounts.handle(request);
      return;
    }
    if (request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD) {
      request.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD").setStatusCode(405).end();
      return;
    }
    switch (request.path()) {
      case "/metrics" -> metrics(request.response());
      case "/health/live" -> live(request.response());
      case "/health/ready" -> ready(request.response());
      case "/owner" -> owner(request);
      default -> request.response().setStatusCode(404).end();
    }
  }

  private void metrics(HttpServerResponse response) {
    vertx
        .executeBlocking(meters::scrape, false)
        .onSuccess(
            text ->
                response
                    .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
                    .end(text))
        .onFailure(failure -> response.setStatusCode(500).end(failure.toString()));
  }

  private void live(HttpServerResponse response) {
    Duration stall = lag.longestStall();
    boolean live = stall.compareTo(STUCK) < 0;
    JsonObject body = new JsonObject().put("status", live ? "live" : "stuck");
    if (!live) {
      body.put("reason", "an event loop has not turned for " + stall.toSeconds() + " s");
    }
    answer(response, live, body);
  }

  private void ready(HttpServerResponse response) {
    readiness
        .report()
        .onSuccess(
            report -> {
              JsonObject checks = new JsonObject();
              report.checks().forEach((name, health) -> checks.put(name, json(health)));
              String status = report.ready() ? "ready" : "not ready";
              answer(
                  response,
                  report.ready(),
                  new JsonObject().put("status", status).put("checks", checks));
            });
  }

  private void owner(HttpServerRequest request) {
    try {
      Optional<String> owner = owners.ownerOf(Jid.parse(String.valueOf(request.getParam("jid"))));
      answer(
          request.response(), owner.isPresent(), new JsonObject().put("node", owner.orElse(null)));
    } catch (InvalidJidException e) {
      request.response().setStatusCode(400).end("jid: " + e.getMessage());
    }
  }

  private static JsonObject json(Health health) {
    return health instanceof Health.Down down
        ? new JsonObject().put("status", "down").put("reason", down.reason())
        : new JsonObject().put("status", "up");
  }

  private static void answer(HttpServerResponse response, boolean yes, JsonObject body) {
    response
        .setStatusCode(yes ? 200 : 503)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(body.toBuffer());
  }
}
