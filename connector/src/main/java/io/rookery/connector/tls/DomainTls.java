package io.rookery.connector.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** TLS with the certificate of one domain, as its files were when it was loaded. */
final class DomainTls {
  /** Forward secrecy and authenticated encryption only (RFC 9325, section 4.2). */
  private static final List<String> CIPHERS =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private final String version;
  private final SslContext context;
  private final ExporterSecrets secrets;
  private final Instant expiry;
  private final Optional<byte[]> endPoint;

  private DomainTls(String version, SslContext context, X509Certificate certificate) {
    this.version = version;
    this.context = context;
    this.secrets =
        context instanceof ReferenceCountedOpenSslContext openSsl
            ? ExporterSecrets.of(openSsl)
            : null;
    this.expiry = certificate.getNotAfter().toInstant();
    this.endPoint = ChannelBindings.serverEndPoint(certificate);
  }

  /** Blocking: reads the files. */
  static DomainTls load(CertificateFiles files, String applicationProtocol, Clock clock)
      throws CertificateException {
    // Before reading: a change while reading is then seen as a change.
    String version = files.version();
    Credentials credentials = Credentials.read(files, clock);
    X509Certificate[] chain = credentials.chain().toArray(X509Certificate[]::new);
    try {
      SslContext context =
          SslContextBuilder.forServer(credentials.key(), chain)
              .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
              .protocols("TLSv1.3", "TLSv1.2")
              .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
              .applicationProtocolConfig(
                  new ApplicationProtocolConfig(
                      Protocol.ALPN,
                      SelectorFailureBehavior.NO_ADVERTISE,
                      SelectedListenerFailureBehavior.ACCEPT,
                      applicationProtocol))
              .build();
      return new DomainTls(version, context, chain[0]);
    } catch (SSLException e) {
      throw new CertificateException(files.chain(), "cannot be used for TLS", e);
    }
  }

  TlsHandler newHandler(ByteBufAllocator allocator) {
    SSLEngine engine = context.newEngine(allocator);
    if (engine instanceof ReferenceCountedOpenSslEngine openSsl) {
      // Now, as an engine whose handshake has failed does not know its connection any more.
      long connection = openSsl.sslPointer();
      return new TlsHandler(engine, endPoint, () -> secrets.take(connection));
    }
    return new TlsHandler(engine, endPoint, Optional::empty);
  }

  /** {@link CertificateFiles#version()} of what was loaded. */
  String version() {
    return version;
  }

  Instant expiry() {
    return expiry;
  }

  /** Handshakes whose exporter secret is kept; none when none is under way. */
  int pendingSecrets() {
    return secrets == null ? 0 : secrets.size();
  }

  /** No new handler after this; existing ones keep what they need. */
  void release() {
    ReferenceCountUtil.release(context);
  }
}
