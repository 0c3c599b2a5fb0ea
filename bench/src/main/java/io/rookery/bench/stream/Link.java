package io.rookery.bench.stream;

/** The connection below a {@link Client}; used on the event loop only. */
interface Link {
  /** Queues text; it is written when the event loop has handled what it has read. */
  void send(CharSequence xml);

  /** Starts the TLS handshake; {@link Client#secured} follows. */
  void startTls();

  /** Closes after writing what is queued; {@link Client#disconnected} follows. */
  void close();
}
