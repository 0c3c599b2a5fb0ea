package io.rookery.protocol.wire;

/**
 * What the client that begins a session said of itself when it logged in (XEP-0388), and how it
 * did.
 *
 * @param software its name, null when it gave none
 * @param device what it runs on, null when it gave none
 * @param byToken it logged in with a token (XEP-0484), not with a password
 */
public record ClientDescription(String software, String device, boolean byToken) {
  /** Characters of a text; more is cut off. */
  public static final int MAX_CHARS = 100;

  static ClientDescription read(WireReader r) {
    return new ClientDescription(r.string(), r.string(), r.bool());
  }

  void write(WireWriter w) {
    w.string(software);
    w.string(device);
    w.bool(byToken);
  }
}
