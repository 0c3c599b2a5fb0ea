package io.rookery.connector.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.util.concurrent.Future;
import java.util.List;

/**
 * First handler of a direct TLS connection (XEP-0368): picks the certificate by SNI, insists on the
 * application protocol if the client names any, and makes way for a {@link TlsHandler}.
 */
final class DirectTlsHandler extends SslClientHelloHandler<ClientHello> {
  /** A fatal {@code no_application_protocol} (RFC 7301, section 3.2) as a record of TLS 1.2. */
  private static final byte[] NO_APPLICATION_PROTOCOL = {21, 3, 3, 0, 2, 2, 120};

  private final TlsContexts contexts;
  private final String applicationProtocol;

  DirectTlsHandler(TlsContexts contexts, String applicationProtocol) {
    this.contexts = contexts;
    this.applicationProtocol = applicationProtocol;
  }

  @Override
  protected Future<ClientHello> lookup(ChannelHandlerContext context, ByteBuf hello) {
    ClientHello parsed =
        hello == null ? new ClientHello(null, List.of()) : ClientHello.parse(hello);
    return context.executor().newSucceededFuture(parsed);
  }

  @Override
  protected void onLookupComplete(ChannelHandlerContext context, Future<ClientHello> lookup) {
    ClientHello hello = lookup.getNow();
    List<String> protocols = hello.applicationProtocols();
    if (!protocols.isEmpty() && !protocols.contains(applicationProtocol)) {
      // The engine itself could only go on without a protocol.
      context
          .writeAndFlush(Unpooled.wrappedBuffer(NO_APPLICATION_PROTOCOL))
          .addListener(ChannelFutureListener.CLOSE);
      return;
    }
    TlsHandler tls = contexts.newHandler(hello.serverName(), context.alloc());
    context.pipeline().replace(this, null, tls);
  }
}
