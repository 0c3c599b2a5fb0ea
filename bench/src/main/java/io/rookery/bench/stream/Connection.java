package io.rookery.bench.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;

/** One TCP connection of a {@link Client}. */
final class Connection extends ChannelInboundHandlerAdapter implements Link {
  private static final int FIRST_CAPACITY = 512;

  private final Network network;
  private final Client client;
  private ChannelHandlerContext context;
  private ByteBuf pending;
  private boolean closing;
  private String reason = "closed by server";

  Connection(Network network, Client client) {
    this.network = network;
    this.client = client;
  }

  void connectEnded(Throwable cause) {
    if (cause != null) {
      client.disconnected(this, String.valueOf(cause.getMessage()));
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelActive(ChannelHandlerContext active) {
    client.connected();
  }

  @Override
  public void channelRead(ChannelHandlerContext from, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      byte[] scratch = network.scratch();
      while (in.isReadable() && !closing) {
        int count = Math.min(in.readableBytes(), scratch.length);
        in.readBytes(scratch, 0, count);
        client.received(scratch, 0, count);
      }
    } finally {
      ReferenceCountUtil.release(in);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext inactive) {
    if (pending != null) {
      pending.release();
      pending = null;
    }
    client.disconnected(this, reason);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
    reason = String.valueOf(cause.getMessage());
    from.close();
  }

  @Override
  public void send(CharSequence xml) {
    if (closing || !context.channel().isActive()) {
      return;
    }
    if (pending == null) {
      pending = context.alloc().directBuffer(FIRST_CAPACITY);
      network.flushLater(this);
    }
    ByteBufUtil.writeUtf8(pending, xml);
  }

  void flush() {
    if (pending != null) {
      ByteBuf out = pending;
      pending = null;
      context.writeAndFlush(out, context.voidPromise());
    }
  }

  @Override
  public void startTls() {
    flush();
    SslHandler handler = network.sslHandler(context.channel());
    handler.handshakeFuture().addListener(this::handshakeEnded);
    context.pipeline().addFirst(handler);
  }

  private void handshakeEnded(Future<?> handshake) {
    if (handshake.isSuccess()) {
      client.secured();
    } else {
      reason = "TLS handshake: " + handshake.cause().getMessage();
      context.close();
    }
  }

  @Override
  public void close() {
    if (!closing) {
      flush();
      closing = true;
      context.close();
    }
  }
}
