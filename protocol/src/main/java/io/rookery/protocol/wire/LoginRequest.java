package io.rookery.protocol.wire;

import java.util.List;

/**
 * What a client that logs in by XEP-0388 says besides its mechanism and response.
 *
 * @param from the account the client announced in its stream header, null when it did not
 * @param client the id of its user agent, a UUID; null when it gave none
 * @param byToken it authenticates with a token (XEP-0484)
 * @param count how often it has used the token, 0 when it did not say
 * @param invalidate the token is good for this login only
 * @param tokenFor mechanism to issue a new token for, null for no such wish
 * @param upgrades tasks by which it wants to add keys for further mechanisms (XEP-0480)
 */
public record LoginRequest(
    String from,
    String client,
    boolean byToken,
    long count,
    boolean invalidate,
    String tokenFor,
    List<String> upgrades) {
  public LoginRequest {
    upgrades = List.copyOf(upgrades);
  }

  /** Without upgrades. */
  public LoginRequest(
      String from,
      String client,
      boolean byToken,
      long count,
      boolean invalidate,
      String tokenFor) {
    this(from, client, byToken, count, invalidate, tokenFor, List.of());
  }

  static LoginRequest read(WireReader r) {
    return new LoginRequest(
        r.string(),
        r.string(),
        r.bool(),
        r.number(),
        r.bool(),
        r.string(),
        r.hasMore() ? r.strings() : List.of());
  }

  void write(WireWriter w) {
    w.string(from);
    w.string(client);
    w.bool(byToken);
    w.number(count);
    w.bool(invalidate);
    w.string(tokenFor);
    w.strings(upgrades);
  }
}
