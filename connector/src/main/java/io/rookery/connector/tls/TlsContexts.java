package io.rookery.connector.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import java.net.IDN;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-side TLS 1.2 and 1.3 for one kind of stream, with a certificate for each domain, which can
 * change while the service runs: new connections get the new one, running ones keep theirs.
 */
public final class TlsContexts {
  private static final Logger log = LoggerFactory.getLogger(TlsContexts.class);

  private final List<CertificateFiles> files;
  private final String applicationProtocol;
  private final Clock clock;
  private final Map<String, String> triedVersions = new LinkedHashMap<>();
  private List<DomainTls> retired = List.of();
  private volatile Map<String, DomainTls> byDomain;

  /**
   * What became of a domain whose files had changed.
   *
   * @param problem why the old certificate stays in use; empty when the new one is
   */
  public record Reload(String domain, Optional<String> problem) {}

  /**
   * Blocking: reads all files.
   *
   * @param files one entry per domain; the first is also for clients that name no domain, or one
   *     that is not here
   * @param applicationProtocol for ALPN: {@code xmpp-client} or {@code xmpp-server} (XEP-0368)
   * @throws CertificateException when a certificate cannot be used
   */
  public TlsContexts(List<CertificateFiles> files, String applicationProtocol, Clock clock)
      throws CertificateException {
    this.files = List.copyOf(files);
    this.applicationProtocol = applicationProtocol;
    this.clock = clock;
    Map<String, DomainTls> loaded = new LinkedHashMap<>();
    for (CertificateFiles f : files) {
      DomainTls tls = DomainTls.load(f, applicationProtocol, clock);
      loaded.put(dnsName(f.domain()), tls);
      triedVersions.put(f.domain(), tls.version());
    }
    this.byDomain = loaded;
  }

  /**
   * For a connection that becomes a TLS connection now (STARTTLS).
   *
   * @param domain the one the stream is to; null or unknown gets the first certificate
   */
  public TlsHandler newHandler(String domain, ByteBufAllocator allocator) {
    Map<String, DomainTls> current = byDomain;
    DomainTls tls = domain == null ? null : current.get(dnsName(domain));
    return (tls == null ? current.values().iterator().next() : tls).newHandler(allocator);
  }

  /**
   * The first handler of a connection that begins with TLS. It replaces itself with a {@link
   * TlsHandler} when the client has said hello; the time for that is the caller's to limit.
   */
  public ChannelHandler newDirectHandler() {
    return new DirectTlsHandler(this, applicationProtocol);
  }

  /**
   * Blocking: loads what has changed on disk. To be called every few seconds.
   *
   * @return one entry per domain that had changed
   */
  public synchronized List<Reload> reloadIfChanged() {
    List<Reload> reloads = new ArrayList<>();
    Map<String, DomainTls> next = new LinkedHashMap<>(byDomain);
    List<DomainTls> replaced = new ArrayList<>();
    for (CertificateFiles f : files) {
      String version = f.version();
      if (version.equals(triedVersions.put(f.domain(), version))) {
        continue;
      }
      try {
        DomainTls tls = DomainTls.load(f, applicationProtocol, clock);
        replaced.add(next.put(dnsName(f.domain()), tls));
        log.info("New certificate for {}, valid until {}", f.domain(), tls.expiry());
        reloads.add(new Reload(f.domain(), Optional.empty()));
      } catch (CertificateException e) {
        log.error("Keeping the old certificate of {}: {}", f.domain(), e.getMessage(), e);
        reloads.add(new Reload(f.domain(), Optional.of(e.getMessage())));
      }
    }
    if (!replaced.isEmpty()) {
      byDomain = next;
      // One reload late: an event loop may be making a handler of what was just replaced.
      retired.forEach(DomainTls::release);
      retired = replaced;
    }
    return reloads;
  }

  /** When the certificate in use expires, by domain. */
  public Map<String, Instant> expiries() {
    Map<String, Instant> expiries = new LinkedHashMap<>();
    byDomain.forEach((domain, tls) -> expiries.put(domain, tls.expiry()));
    return expiries;
  }

  int pendingSecrets() {
    return byDomain.values().stream().mapToInt(DomainTls::pendingSecrets).sum();
  }

  /** The form in which SNI names a domain. */
  private static String dnsName(String domain) {
    try {
      return IDN.toASCII(domain).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return domain;
    }
  }
}
