package io.rookery.protocol.wire;

/**
 * What a client that logs in by XEP-0388 says besides its mechanism and response.
 *
 * @param from the account the client announced in its stream header, null when it did not
 * @param client the id of its user agent, a UUID; null when it gave none
 * @param byToken it authenticates with a token (XEP-0484)
 * @param count how often it has used the token, 0 when it did not say
 * @param invalidate the token is good for this login only
 * @param tokenFor mechanism to issue a new token for, null for no such wish
 */
public record LoginRequest(
    String from, String client, boolean byToken, long count, boolean invalidate, String tokenFor) {

  static LoginRequest read(WireReader r) {
    return new LoginRequest(r.string(), r.string(), r.bool(), r.number(), r.bool(), r.string());
  }

  void write(WireWriter w) {
    w.string(from);
    w.string(client);
    w.bool(byToken);
    w.number(count);
    w.bool(invalidate);
    w.string(tokenFor);
  }
}
