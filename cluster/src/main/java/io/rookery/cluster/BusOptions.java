package io.rookery.cluster;

import io.rookery.cluster.ClusterConfig.BusTls;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;

/** The event bus's configuration from ours. */
final class BusOptions {
  private static final int CONNECT_MILLIS = 3000;

  /** A connection without an answer to a ping is replaced: within 4 s after it went silent. */
  private static final long PING_MILLIS = 2000;

  private BusOptions() {}

  static EventBusOptions of(ClusterConfig config, int port) {
    EventBusOptions options =
        new EventBusOptions()
            .setHost(config.address())
            .setPort(port)
            .setClusterPublicHost(config.address())
            .setConnectTimeout(CONNECT_MILLIS)
            .setClusterPingInterval(PING_MILLIS)
            .setClusterPingReplyInterval(PING_MILLIS);
    config.busTls().ifPresent(tls -> protect(options, tls));
    return options;
  }

  private static void protect(EventBusOptions options, BusTls tls) {
    options
        .setSsl(true)
        .setClientAuth(ClientAuth.REQUIRED)
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .setCertPath(tls.certificate().toString())
                .setKeyPath(tls.key().toString()))
        .setTrustOptions(new PemTrustOptions().addCertPath(tls.trust().toString()));
  }
}
