package io.rookery.protocol.wire;

/**
 * What a connector contributes to SASL about the TLS channel (RFC 5056), so that it never holds a
 * credential.
 *
 * @param tls the stream is encrypted
 * @param exporter tls-exporter (RFC 9266), or null when the engine cannot tell
 * @param serverEndPoint tls-server-end-point (RFC 5929), or null
 */
public record ChannelBindings(boolean tls, byte[] exporter, byte[] serverEndPoint) {
  public static final ChannelBindings NONE = new ChannelBindings(false, null, null);

  /** A -PLUS mechanism can be offered. */
  public boolean any() {
    return exporter != null || serverEndPoint != null;
  }
}
