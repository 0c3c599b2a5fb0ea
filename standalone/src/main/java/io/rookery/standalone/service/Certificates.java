package io.rookery.standalone.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.rookery.connector.ConnectorConfig;
import io.rookery.connector.tls.CertificateException;
import io.rookery.connector.tls.CertificateFiles;
import io.rookery.connector.tls.SelfSigned;
import io.rookery.connector.tls.TlsContexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificates of a connector. */
final class Certificates {
  private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);

  private Certificates() {}

  /**
   * @param make makes a self-signed certificate for a domain that has none
   */
  static TlsContexts load(ConnectorConfig config, boolean make, Clock clock, MeterRegistry meters)
      throws IOException, CertificateException {
    if (make) {
      for (ConnectorConfig.Domain domain : config.domains()) {
        makeMissing(domain, clock);
      }
    }
    List<CertificateFiles> files =
        config.domains().stream()
            .map(d -> new CertificateFiles(d.name(), d.certificate(), d.key()))
            .toList();
    TlsContexts contexts = new TlsContexts(files, "xmpp-client", clock);
    for (String domain : contexts.expiries().keySet()) {
      TimeGauge.builder(
              "rookery.certificate.expiry",
              contexts,
              TimeUnit.SECONDS,
              c -> Duration.between(clock.instant(), c.expiries().get(domain)).toSeconds())
          .description("Time until the certificate in use expires")
          .tag("domain", domain)
          .register(meters);
    }
    return contexts;
  }

  /** Makes a self-signed certificate for a domain that has none. */
  static void makeMissing(ConnectorConfig.Domain domain, Clock clock) throws IOException {
    Path chain = domain.certificate();
    if (Files.exists(chain) || Files.exists(domain.key())) {
      return;
    }
    Files.createDirectories(chain.toAbsolutePath().getParent());
    Files.createDirectories(domain.key().toAbsolutePath().getParent());
    new SelfSigned(new SecureRandom(), clock).write(List.of(domain.name()), chain, domain.key());
    LOG.warn("{} has no certificate: made a self-signed one in {}", domain.name(), chain);
  }
}
