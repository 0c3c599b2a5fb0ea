package io.rookery.standalone.fault.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.xml.stream.XMLStreamException;

/** Connections with direct TLS (XEP-0368), all on one event loop; any certificate is accepted. */
final class NettyNetwork implements Wire.Network {
  private static final int CONNECT_MILLIS = 5_000;

  private final EventLoop loop;
  private final String domain;
  private final SslContext tls;

  NettyNetwork(EventLoop loop, String domain) {
    this.loop = loop;
    this.domain = domain;
    try {
      this.tls =
          SslContextBuilder.forClient()
              .sslProvider(SslProvider.JDK)
              .trustManager(InsecureTrustManagerFactory.INSTANCE)
              .endpointIdentificationAlgorithm(null)
              .build();
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void after(long millis, Runnable task) {
    loop.schedule(task, millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public Wire connect(InetSocketAddress endpoint, Wire.Listener listener) {
    Connection connection = new Connection(listener);
    new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                connection.channel = channel;
                channel.pipeline().addLast(new SslHandler(engine(channel))).addLast(connection);
              }
            })
        .connect(endpoint)
        .addListener(
            connected -> {
              if (!connected.isSuccess()) {
                connection.ended(String.valueOf(connected.cause()));
              }
            });
    return connection;
  }

  private SSLEngine engine(Channel channel) {
    SSLEngine engine = tls.newEngine(channel.alloc(), domain, 0);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"xmpp-client"});
    engine.setSSLParameters(parameters);
    return engine;
  }

  private static final class Connection extends SimpleChannelInboundHandler<ByteBuf>
      implements Wire {
    private final Listener listener;
    private final XmlFeed feed;
    private Channel channel;
    private boolean over;

    private Connection(Listener listener) {
      this.listener = listener;
      this.feed = new XmlFeed(listener::element);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
        listener.connected();
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes)
        throws XMLStreamException {
      if (over) {
        return;
      }
      feed.feed(ByteBufUtil.getBytes(bytes));
      if (feed.isEnded()) {
        context.close();
        ended("stream ended");
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      ended("connection closed");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
      ended(cause.toString());
    }

    private void ended(String why) {
      if (!over) {
        over = true;
        listener.closed(why);
      }
    }

    @Override
    public void send(String xml) {
      if (!over) {
        channel.writeAndFlush(Unpooled.copiedBuffer(xml, StandardCharsets.UTF_8));
      }
    }

    @Override
    public void restart() {
      feed.restart();
    }

    @Override
    public void drop() {
      over = true;
      if (channel != null) {
        channel.close();
      }
    }
  }
}
