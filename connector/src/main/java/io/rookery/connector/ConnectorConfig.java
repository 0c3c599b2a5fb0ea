package io.rookery.connector;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a connector is told: where it listens, whom it serves, and the limits that keep one peer
 * from taking what belongs to the others. Sizes are bytes.
 *
 * @param domains one entry per domain served, at least one
 * @param registration in-band registration is announced (XEP-0077); the router decides
 * @param invitations registration by invitation is announced (XEP-0445)
 * @param trustedProxies who may speak the PROXY protocol on listeners that have it
 * @param anonymousDomains whose users log in without an account (XEP-0175)
 */
public record ConnectorConfig(
    List<Listener> listeners,
    List<Domain> domains,
    TlsPolicy tls,
    boolean registration,
    boolean invitations,
    List<Cidr> trustedProxies,
    Timeouts timeouts,
    StreamLimits stream,
    AddressLimits address,
    Set<String> anonymousDomains) {

  public ConnectorConfig {
    listeners = List.copyOf(listeners);
    domains = List.copyOf(domains);
    trustedProxies = List.copyOf(trustedProxies);
    anonymousDomains = Set.copyOf(anonymousDomains);
    require(!domains.isEmpty(), "a connector serves at least one domain");
    require(
        domains.stream().map(Domain::name).distinct().count() == domains.size(),
        "a domain is named once");
    require(
        listeners.stream().noneMatch(Listener::proxyProtocol) || !trustedProxies.isEmpty(),
        "a listener with the PROXY protocol needs at least one trusted source");
  }

  public Set<String> domainNames() {
    return domains.stream().map(Domain::name).collect(Collectors.toUnmodifiableSet());
  }

  /** Whether clients may log in without TLS on a {@code starttls} listener. */
  public enum TlsPolicy {
    REQUIRED,
    OPTIONAL
  }

  /**
   * A listening socket.
   *
   * @param address IP address or host name to bind, {@code 0.0.0.0} or {@code ::} for all
   * @param port 0 for any free port
   * @param proxyProtocol every connection starts with a PROXY protocol header, version 2
   */
  public record Listener(Kind kind, boolean proxyProtocol, String address, int port) {

    public Listener {
      require(!address.isEmpty(), "a listener needs an address");
      require(port >= 0 && port <= 65535, "no such port: " + port);
    }

    /** How TLS starts: by negotiation (RFC 6120, section 5) or at once (XEP-0368). */
    public enum Kind {
      STARTTLS,
      DIRECT
    }
  }

  /**
   * A domain and the PEM files of its certificate.
   *
   * @param name in prepared form
   * @param certificate the chain, leaf first
   * @param key the private key, PKCS #8
   */
  public record Domain(String name, Path certificate, Path key) {}

  /**
   * How long peers are waited for.
   *
   * @param negotiation from the accepted connection to the bound resource; default 2 min
   * @param idle silence after which the client is pinged (XEP-0199), announced by XEP-0478; zero
   *     for never; default 30 min
   * @param ping silence after that ping which ends the stream; default 60 s
   * @param write time without any progress of a pending write which ends the stream; default 30 s
   * @param drain over which all streams are released when the node goes down; default 20 s
   */
  public record Timeouts(
      Duration negotiation, Duration idle, Duration ping, Duration write, Duration drain) {
    public Timeouts {
      require(positive(negotiation) && positive(ping) && positive(write), "a time-out is positive");
      require(!idle.isNegative() && !drain.isNegative(), "a time-out is not negative");
    }
  }

  /**
   * What one stream may take.
   *
   * @param stanzaBytesBeforeLogin largest top-level element before authentication; default 64 KiB
   * @param stanzaBytes largest stanza afterwards, announced by XEP-0478; default 256 KiB
   * @param depth of nested elements in a stanza; default 64
   * @param attributes of one element, namespace declarations included; default 64
   * @param bytesPerSecond read rate, kept by back-pressure; 0 (the default) for no limit
   * @param burstBytes what may be read at once before the rate applies; default 1 MiB
   * @param outputBytes waiting for a slow reader before the stream is ended; default 4 MiB
   * @param inFlightStanzas given to the router and not yet handled; then reading stops; default 64
   * @param inFlightBytes the same in bytes; default 512 KiB
   * @param unackedStanzas sent and not acknowledged by the client (XEP-0198); beyond it the
   *     connection is cut; default 5000
   * @param unackedBytes the same in bytes; default 8 MiB
   */
  public record StreamLimits(
      int stanzaBytesBeforeLogin,
      int stanzaBytes,
      int depth,
      int attributes,
      long bytesPerSecond,
      int burstBytes,
      int outputBytes,
      int inFlightStanzas,
      int inFlightBytes,
      int unackedStanzas,
      int unackedBytes) {

    /** RFC 6120, section 13.12: a server takes stanzas of at least this size. */
    public static final int MIN_STANZA_BYTES = 10_000;

    public StreamLimits {
      require(
          stanzaBytesBeforeLogin >= MIN_STANZA_BYTES && stanzaBytesBeforeLogin <= stanzaBytes,
          "the stanza limit before login is at least 10000 and not above the one after");
      require(
          depth > 0 && attributes > 0 && inFlightStanzas > 0 && unackedStanzas > 0,
          "a limit is positive");
      require(bytesPerSecond >= 0 && burstBytes > 0, "a rate is not negative, a burst positive");
      require(
          outputBytes >= stanzaBytes && inFlightBytes >= stanzaBytes && unackedBytes >= stanzaBytes,
          "buffers hold at least one stanza");
    }
  }

  /**
   * What one client address may take; of IPv6 the first 64 bits count.
   *
   * @param connections open at a time; default 1000
   * @param failedLogins within the window, afterwards logins are refused; default 50
   * @param failedLoginWindow default 10 min
   */
  public record AddressLimits(int connections, int failedLogins, Duration failedLoginWindow) {
    public AddressLimits {
      require(connections > 0 && failedLogins > 0, "a limit is positive");
      require(positive(failedLoginWindow), "a window is positive");
    }
  }

  private static boolean positive(Duration duration) {
    return duration.compareTo(Duration.ZERO) > 0;
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(what);
    }
  }
}
