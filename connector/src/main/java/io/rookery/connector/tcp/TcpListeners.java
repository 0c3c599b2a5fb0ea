package io.rookery.connector.tcp;

import io.netty.channel.Channel;
import io.rookery.connector.ConnectorConfig;
import io.rookery.connector.ConnectorConfig.Listener;
import io.rookery.connector.stream.AddressBook;
import io.rookery.connector.stream.ConnectorLoop;
import io.rookery.connector.stream.ConnectorMetrics;
import io.rookery.connector.stream.Entrance;
import io.rookery.connector.tls.TlsContexts;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts the connections of one event loop; the loops of a node share the ports. */
public final class TcpListeners {
  private static final Logger LOG = LoggerFactory.getLogger(TcpListeners.class);
  private static final int BACKLOG = 4096;

  private final Vertx vertx;
  private final Context context;
  private final ConnectorConfig config;
  private final ConnectorLoop loop;
  private final AddressBook addresses;
  private final ConnectorMetrics metrics;
  private final TlsContexts tls;
  private final Entrance entrance;
  private final List<NetServer> servers = new ArrayList<>();

  public TcpListeners(
      Vertx vertx,
      Context context,
      ConnectorConfig config,
      ConnectorLoop loop,
      AddressBook addresses,
      ConnectorMetrics metrics,
      TlsContexts tls,
      Entrance entrance) {
    this.vertx = vertx;
    this.context = context;
    this.config = config;
    this.loop = loop;
    this.addresses = addresses;
    this.metrics = metrics;
    this.tls = tls;
    this.entrance = entrance;
  }

  /**
   * Opens a listener; on the loop's context.
   *
   * @param port instead of the listener's own, which may be 0 for any free one
   * @return the port
   */
  public Future<Integer> open(Listener listener, int port) {
    NetServerOptions options =
        new NetServerOptions()
            .setHost(listener.address())
            .setPort(port)
            .setAcceptBacklog(BACKLOG)
            .setTcpNoDelay(true)
            .setUseProxyProtocol(listener.proxyProtocol())
            .setProxyProtocolTimeout(config.timeouts().negotiation().toSeconds())
            .setProxyProtocolTimeoutUnit(TimeUnit.SECONDS);
    NetServer server =
        vertx
            .createNetServer(options)
            .connectHandler(socket -> accept(listener, (NetSocketInternal) socket))
            .exceptionHandler(failure -> metrics.refused("accept"));
    servers.add(server);
    return server.listen().map(NetServer::actualPort);
  }

  /**
   * Accepts nothing more; completes when all connections are closed, at the latest after a while.
   */
  public Future<Void> close(Duration atMost) {
    return Future.join(
            servers.stream()
                .map(server -> server.shutdown(atMost.toMillis(), TimeUnit.MILLISECONDS))
                .toList())
        .mapEmpty();
  }

  private void accept(Listener listener, NetSocketInternal socket) {
    if (listener.proxyProtocol() && !isTrusted(socket)) {
      LOG.warn("{} is not trusted to speak the PROXY protocol", socket.remoteAddress(true));
      metrics.refused("proxy");
      socket.close();
      return;
    }
    String peer = socket.remoteAddress().hostAddress();
    if (!addresses.opened(peer)) {
      LOG.info("too many connections from {}", peer);
      metrics.refused("address_limit");
      socket.close();
      return;
    }
    Channel channel = socket.channelHandlerContext().channel();
    channel.closeFuture().addListener(closed -> addresses.closed(peer));
    TcpTransport transport =
        new TcpTransport(
            (ContextInternal) context, channel, peer, tls, failure -> metrics.refused("tls"));
    channel.config().setAutoRead(false);
    entrance.arrive(
        new Entrance.Guest() {
          @Override
          public void letIn() {
            serve(listener, socket, channel, transport);
          }

          @Override
          public void turnAway() {
            channel.close();
          }

          @Override
          public boolean isGone() {
            return !channel.isActive();
          }
        });
  }

  private void serve(
      Listener listener, NetSocketInternal socket, Channel channel, TcpTransport transport) {
    transport.carry(loop.accept(transport));
    if (listener.kind() == Listener.Kind.DIRECT) {
      channel.pipeline().addFirst("tls", tls.newDirectHandler());
    }
    channel.pipeline().addBefore(socket.channelHandlerContext().name(), "xmpp", transport);
    channel.config().setAutoRead(true);
  }

  private boolean isTrusted(NetSocket socket) {
    try {
      InetAddress real = InetAddress.getByName(socket.remoteAddress(true).hostAddress());
      return config.trustedProxies().stream().anyMatch(block -> block.contains(real));
    } catch (UnknownHostException e) {
      return false; // not an IP connection
    }
  }
}
