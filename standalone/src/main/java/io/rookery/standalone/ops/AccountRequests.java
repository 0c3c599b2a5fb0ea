package io.rookery.standalone.ops;

import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * {@code DELETE /accounts?jid=ADDRESS} with {@code Authorization: Bearer TOKEN} (RFC 6750, section
 * 2.1): 202 when the account is being removed, 404 when there is none, 401 for a wrong token, 503
 * when it cannot be done now.
 */
final class AccountRequests {
  private static final String SCHEME = "Bearer ";

  private final Administration administration;

  AccountRequests(Administration administration) {
    this.administration = administration;
  }

  void handle(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    if (request.method() != HttpMethod.DELETE) {
      response.putHeader(HttpHeaders.ALLOW, "DELETE").setStatusCode(405).end();
      return;
    }
    admits(request.getHeader(HttpHeaders.AUTHORIZATION))
        .compose(admitted -> admitted ? remove(request) : Future.succeededFuture(401))
        .onSuccess(
            status -> {
              if (status == 401) {
                response.putHeader("www-authenticate", SCHEME.trim());
              }
              response.setStatusCode(status).end();
            })
        .onFailure(failure -> response.setStatusCode(503).end(failure.toString()));
  }

  private Future<Boolean> admits(String header) {
    return header != null && header.startsWith(SCHEME)
        ? administration.admits(header.substring(SCHEME.length()))
        : Future.succeededFuture(false);
  }

  private Future<Integer> remove(HttpServerRequest request) {
    try {
      Jid account = Jid.parse(String.valueOf(request.getParam("jid")));
      return administration.removeAccount(account).map(found -> found ? 202 : 404);
    } catch (InvalidJidException e) {
      return Future.succeededFuture(400);
    }
  }
}
