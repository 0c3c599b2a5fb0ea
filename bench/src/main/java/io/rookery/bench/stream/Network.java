package io.rookery.bench.stream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.conscrypt.Conscrypt;

/**
 * The connections of a run. All of them live on one event loop: the state of a run needs no lock,
 * and the generator never takes more than one core from a server on the same machine.
 */
public final class Network implements AutoCloseable {
  private static final int CONNECT_MILLIS = 30_000;

  private final EventLoopGroup group;
  private final EventLoop loop;
  private final Bootstrap bootstrap;
  private final SslContext ssl;
  private final SSLParameters sslParameters;
  private final byte[] scratch = new byte[256 << 10];
  private final List<Connection> unflushed = new ArrayList<>();

  /**
   * @param domain the server name sent in the TLS handshake; any certificate is accepted
   */
  public Network(InetSocketAddress address, String domain, Tls tls) throws SSLException {
    boolean epoll = Epoll.isAvailable();
    group =
        new MultiThreadIoEventLoopGroup(
            1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    loop = group.next();
    Class<? extends SocketChannel> channel =
        epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(channel)
            .remoteAddress(address)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS);
    ssl =
        SslContextBuilder.forClient()
            .sslContextProvider(Conscrypt.newProvider())
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .endpointIdentificationAlgorithm(null)
            .build();
    sslParameters = new SSLParameters();
    sslParameters.setServerNames(List.of(new SNIHostName(domain)));
    if (tls == Tls.DIRECT) {
      sslParameters.setApplicationProtocols(new String[] {"xmpp-client"});
    }
  }

  /** The one thread on which clients and their handlers run. */
  public EventLoop loop() {
    return loop;
  }

  /** Where connections go from now on. */
  void remote(InetSocketAddress address) {
    bootstrap.remoteAddress(address);
  }

  /** Begins a connection for a client that has none. */
  void connect(Client client, Client.Purpose purpose) {
    Connection connection = new Connection(this, client);
    client.begin(connection, purpose);
    bootstrap
        .clone()
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(connection);
              }
            })
        .connect()
        .addListener(f -> connection.connectEnded(((ChannelFuture) f).cause()));
  }

  /**
   * By Conscrypt: half the cost of the JDK's TLS, so less taken from the server. Without peer host
   * and port, so that no TLS session is resumed: every login pays in full.
   */
  SslHandler sslHandler(Channel channel) {
    SSLEngine engine = ssl.newEngine(channel.alloc());
    engine.setSSLParameters(merged(engine.getSSLParameters()));
    SslHandler handler = new SslHandler(engine);
    handler.setHandshakeTimeoutMillis(2L * CONNECT_MILLIS);
    return handler;
  }

  private SSLParameters merged(SSLParameters defaults) {
    defaults.setServerNames(sslParameters.getServerNames());
    defaults.setApplicationProtocols(sslParameters.getApplicationProtocols());
    return defaults;
  }

  /** Where received bytes are put for the splitter; free again when it returns. */
  byte[] scratch() {
    return scratch;
  }

  /** What one turn of the event loop sends to a connection leaves in one write. */
  void flushLater(Connection connection) {
    if (unflushed.isEmpty()) {
      loop.execute(this::flush);
    }
    unflushed.add(connection);
  }

  private void flush() {
    List<Connection> now = List.copyOf(unflushed);
    unflushed.clear();
    now.forEach(Connection::flush);
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
