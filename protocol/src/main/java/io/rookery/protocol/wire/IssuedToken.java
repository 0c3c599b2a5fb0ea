package io.rookery.protocol.wire;

/**
 * A token for later logins (XEP-0484).
 *
 * @param token a secret
 * @param expires seconds since 1970
 */
public record IssuedToken(String token, long expires) {

  static IssuedToken read(WireReader r) {
    return new IssuedToken(r.string(), r.number());
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "IssuedToken[expires=" + expires + "]";
  }

  void write(WireWriter w) {
    w.string(token);
    w.number(expires);
  }
}
