package io.rookery.standalone.fault;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A TCP relay on loopback in front of one connector or several that can drop what goes through it.
 * The end of either side ends the other. All on one thread.
 */
final class DroppingProxy implements AutoCloseable {
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final ChannelGroup silenced = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final List<InetSocketAddress> targets;
  private int next;
  private final Channel listener;

  /**
   * @param targets take turns; who does not answer is passed over
   */
  DroppingProxy(List<InetSocketAddress> targets) {
    this.targets = List.copyOf(targets);
    this.listener =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    connect(channel, targets.size());
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  boolean isInUse() {
    return !open.isEmpty();
  }

  /** Resets every connection (RST) towards both sides. */
  void reset() {
    group.execute(() -> List.copyOf(open).forEach(DroppingProxy::reset));
  }

  /** From now on nothing of present connections arrives, and nobody is told; new ones work. */
  void silence() {
    group.execute(
        () -> {
          for (Channel channel : List.copyOf(open)) {
            channel.config().setAutoRead(false);
            silenced.add(channel);
            open.remove(channel);
          }
        });
  }

  /** Lets go of the connections that were silenced. */
  void forget() {
    group.execute(() -> List.copyOf(silenced).forEach(DroppingProxy::reset));
  }

  private static void reset(Channel channel) {
    // The end of its other side may have closed it already.
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.close();
    }
  }

  private void connect(Channel client, int tries) {
    ChannelFuture connecting =
        new Bootstrap()
            .group(client.eventLoop())
            .channel(NioSocketChannel.class)
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(new Relay(client))
            .connect(targets.get(next++ % targets.size()));
    connecting.addListener(
        connected -> {
          if (connected.isSuccess()) {
            client.pipeline().addLast(new Relay(connecting.channel()));
            open.add(client);
            open.add(connecting.channel());
            client.config().setAutoRead(true);
            connecting.channel().config().setAutoRead(true);
          } else if (tries > 1) {
            connect(client, tries - 1);
          } else {
            client.close();
          }
        });
  }

  /** Passes on what is read, no faster than it is taken. */
  private final class Relay extends ChannelInboundHandlerAdapter {
    private final Channel other;

    private Relay(Channel other) {
      this.other = other;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      if (silenced.contains(context.channel())) {
        ReferenceCountUtil.release(bytes);
        return;
      }
      other.writeAndFlush(bytes);
      if (!other.isWritable()) {
        context.channel().config().setAutoRead(false);
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      if (context.channel().isWritable() && !silenced.contains(other)) {
        other.config().setAutoRead(true);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (!silenced.contains(context.channel())) {
        other.close();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable reset) {
      context.close();
    }
  }

  @Override
  public void close() {
    listener.close();
    open.close();
    silenced.close();
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
