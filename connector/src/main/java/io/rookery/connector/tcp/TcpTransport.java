package io.rookery.connector.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.rookery.connector.stream.ClientStream;
import io.rookery.connector.stream.Transport;
import io.rookery.connector.tls.TlsContexts;
import io.rookery.connector.tls.TlsHandler;
import io.rookery.protocol.sasl.ChannelBindings;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP connection, with or without TLS. Sits in the connection's pipeline in front of Vert.x' own
 * handler, so that bytes come as they are read and are copied once, into the array that stanzas
 * then share.
 */
final class TcpTransport extends ChannelInboundHandlerAdapter implements Transport {
  private static final Logger LOG = LoggerFactory.getLogger(TcpTransport.class);

  private static final long LINGER_MILLIS = 2000;

  private final ContextInternal context;
  private final Channel channel;
  private final TlsContexts tls;
  private final Consumer<Throwable> handshakeFailed;
  private final String peer;
  private ClientStream stream;
  private ByteBuf out;
  private ChannelBindings channelBindings = ChannelBindings.NONE;
  private boolean encrypted;

  /**
   * @param context of the loop the channel is on
   * @param handshakeFailed counts it
   */
  TcpTransport(
      ContextInternal context,
      Channel channel,
      String peer,
      TlsContexts tls,
      Consumer<Throwable> handshakeFailed) {
    this.context = context;
    this.channel = channel;
    this.peer = peer;
    this.tls = tls;
    this.handshakeFailed = handshakeFailed;
  }

  void carry(ClientStream carried) {
    stream = carried;
  }

  @Override
  public void channelRead(ChannelHandlerContext handler, Object message) {
    if (!(message instanceof ByteBuf buffer)) {
      ReferenceCountUtil.release(message);
      return;
    }
    try {
      if (buffer.isReadable()) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        onContext(() -> stream.received(bytes));
      }
    } finally {
      buffer.release();
    }
  }

  /** Futures of what is called find their way back to this loop only by the Vert.x context. */
  private void onContext(Runnable task) {
    ContextInternal before = context.beginDispatch();
    try {
      task.run();
    } finally {
      context.endDispatch(before);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext handler, Object event) throws Exception {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        encrypted = true;
        channelBindings =
            new ChannelBindings(handler.pipeline().get(TlsHandler.class).channelBindings());
      } else {
        handshakeFailed.accept(handshake.cause());
        LOG.info("TLS with {} failed: {}", peer, handshake.cause().toString());
        handler.close();
      }
    }
    super.userEventTriggered(handler, event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext handler) throws Exception {
    if (out != null) {
      out.release();
      out = null;
    }
    onContext(stream::disconnected);
    super.channelInactive(handler);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext handler, Throwable cause) {
    LOG.debug("connection from {}: {}", peer, cause.toString());
    handler.close();
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    if (!channel.isActive()) {
      return;
    }
    if (out == null) {
      out = channel.alloc().directBuffer(length);
    }
    out.writeBytes(bytes, offset, length);
  }

  @Override
  public void flush() {
    if (out != null) {
      ByteBuf buffer = out;
      out = null;
      channel.writeAndFlush(buffer, channel.voidPromise());
    }
  }

  @Override
  public long pendingBytes() {
    ChannelOutboundBuffer queued = channel.unsafe().outboundBuffer();
    long pending = queued == null ? 0 : queued.totalPendingWriteBytes();
    return out == null ? pending : pending + out.readableBytes();
  }

  @Override
  public void pauseReading() {
    channel.config().setAutoRead(false);
  }

  @Override
  public void resumeReading() {
    channel.config().setAutoRead(true);
  }

  @Override
  public void close() {
    ByteBuf last = out == null ? channel.alloc().directBuffer(0) : out;
    out = null;
    channel.config().setAutoRead(true);
    channel.writeAndFlush(last).addListener(written -> linger());
  }

  /**
   * Closes in two steps: a close with input unread resets the connection, and the peer may lose
   * what was said last. What still comes is read and forgotten.
   */
  private void linger() {
    SslHandler ssl = channel.pipeline().get(SslHandler.class);
    if (ssl != null) {
      ssl.closeOutbound();
    } else if (channel instanceof DuplexChannel duplex) {
      duplex.shutdownOutput();
    }
    channel.eventLoop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void abort() {
    channel.close();
  }

  @Override
  public void startTls(String domain) {
    channel.pipeline().addFirst("tls", tls.newHandler(domain, channel.alloc()));
  }

  @Override
  public boolean isEncrypted() {
    return encrypted;
  }

  @Override
  public ChannelBindings bindings() {
    return channelBindings;
  }

  @Override
  public String peer() {
    return peer;
  }
}
