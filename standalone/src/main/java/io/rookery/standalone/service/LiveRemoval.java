package io.rookery.standalone.service;

import io.rookery.protocol.jid.Jid;
import io.rookery.standalone.ops.OpsConfig;
import io.rookery.storage.cassandra.CassandraStorage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Has the running service remove an account: it ends sessions and tells contacts. */
record LiveRemoval(Vertx vertx, OpsConfig ops, CassandraStorage storage) {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final long POLL_MILLIS = 100;
  private static final int POLLS = 300;

  /** Yields whether there was such an account; empty when no service with this database runs. */
  Future<Optional<Boolean>> remove(Jid account) {
    return Administrator.token(storage.secrets())
        .compose(token -> vertx.executeBlocking(() -> ask(account, token)))
        .compose(
            status ->
                switch (status) {
                  case 0, 401 -> Future.succeededFuture(Optional.empty());
                  case 202 -> gone(account, POLLS).map(Optional.of(true));
                  case 404 -> Future.succeededFuture(Optional.of(false));
                  default -> Future.failedFuture("the running service answers " + status);
                });
  }

  /** Gives the HTTP status, 0 when nobody listens. */
  private int ask(Jid account, String token) throws IOException, InterruptedException {
    String jid = URLEncoder.encode(account.toString(), StandardCharsets.UTF_8);
    String host = ops.address().contains(":") ? "[" + ops.address() + "]" : ops.address();
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://" + host + ":" + ops.port() + "/accounts?jid=" + jid))
            .header("Authorization", "Bearer " + token)
            .timeout(TIMEOUT)
            .DELETE()
            .build();
    try {
      return HttpClient.newHttpClient()
          .send(request, HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (ConnectException nobody) {
      return 0;
    }
  }

  private Future<Void> gone(Jid account, int polls) {
    return storage
        .accounts()
        .find(account)
        .compose(
            found -> {
              if (found.isEmpty()) {
                return Future.succeededFuture();
              }
              return polls == 0
                  ? Future.failedFuture("the running service has not removed it yet")
                  : vertx
                      .timer(POLL_MILLIS, TimeUnit.MILLISECONDS)
                      .compose(v -> gone(account, polls - 1));
            });
  }
}
