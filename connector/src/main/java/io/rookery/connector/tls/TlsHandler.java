package io.rookery.connector.tls;

import io.netty.handler.ssl.SslHandler;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;

/** TLS of one connection, server side, which knows the connection's channel bindings. */
public final class TlsHandler extends SslHandler {
  private final byte[] endPoint;
  private byte[] exporter;

  TlsHandler(SSLEngine engine, Optional<byte[]> endPoint, Supplier<Optional<byte[]>> secret) {
    super(engine);
    this.endPoint = endPoint.orElse(null);
    handshakeFuture()
        .addListener(
            handshake -> {
              Optional<byte[]> taken = secret.get();
              if (handshake.isSuccess()) {
                String suite = engine.getSession().getCipherSuite();
                exporter = taken.map(s -> ChannelBindings.exporter(suite, s)).orElse(null);
              }
            });
  }

  /**
   * The channel-binding data by type (RFC 9266, RFC 5929), to be announced in this order
   * (XEP-0440); complete once the handshake has succeeded. Call on the channel's event loop.
   */
  public Map<String, byte[]> channelBindings() {
    Map<String, byte[]> bindings = new LinkedHashMap<>();
    if (exporter != null) {
      bindings.put("tls-exporter", exporter);
    }
    if (endPoint != null) {
      bindings.put("tls-server-end-point", endPoint);
    }
    return bindings;
  }
}
