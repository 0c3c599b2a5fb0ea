package io.rookery.connector.tcp;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SslHandler;

/** Makes the TLS part of a connection. */
public interface TlsHandlers {

  /** For STARTTLS: the domain is known from the stream header. */
  SslHandler startTls(ByteBufAllocator allocator, String domain);

  /** For direct TLS (XEP-0368): the certificate is chosen by SNI. */
  ChannelHandler direct(ByteBufAllocator allocator);
}
