package io.rookery.standalone.conversation;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A running XMPP service as its users see it: one process or a cluster. It has in-band registration
 * switched on, without a rate limit.
 */
public interface Service extends AutoCloseable {

  /** The domain of every account. */
  String domain();

  /**
   * The connector for the n-th client of a conversation; with several connectors, clients that
   * follow each other get different ones.
   */
  Endpoint endpoint(int client);

  /** Stops every process in an orderly way and starts it again on the same data. */
  void restart();

  /** How long a stream may take to authenticate before the service closes it. */
  Duration negotiationTimeout();

  /** The largest stanza of an authenticated client, in bytes. */
  int maxStanzaBytes();

  /**
   * An unused localpart for the n-th user of a conversation; a cluster picks it so that users that
   * follow each other belong to different routers.
   */
  default String localpart(String role, int user) {
    return role + "-" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 50), 36);
  }

  @Override
  void close();
}
