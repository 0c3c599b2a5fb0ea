package io.rookery.connector.stream;

import io.rookery.protocol.sasl.ChannelBindings;

/**
 * What carries a stream's bytes: TCP, later WebSocket and BOSH. Used on its event loop only. Output
 * gathers until {@link #flush}.
 */
public interface Transport {

  /** Takes a copy of the bytes. */
  void write(byte[] bytes, int offset, int length);

  void flush();

  /** Bytes the peer has not taken yet. */
  long pendingBytes();

  /** Stops asking the network for input; what was read already may still come. */
  void pauseReading();

  void resumeReading();

  /** Sends what has gathered, then closes. */
  void close();

  /** Closes without a word, for a peer that takes nothing. */
  void abort();

  /**
   * Everything from now on is inside TLS (RFC 6120, section 5).
   *
   * @param domain whose certificate to show
   */
  void startTls(String domain);

  boolean isEncrypted();

  /** What SASL may be bound to (RFC 5056); only when encrypted. */
  ChannelBindings bindings();

  /** The peer's IP address. */
  String peer();
}
