package io.rookery.router;

import io.rookery.protocol.jid.Jid;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a router is told. The same on every router of a cluster.
 *
 * @param archive for every domain served, whether its messages are archived (XEP-0313)
 * @param contacts addresses for humans (XEP-0157), by kind
 * @param scramIterations of new SCRAM keys (RFC 5802, section 5.1); default 10,000
 * @param maxSessionsPerUser bound resources at a time; default 32
 * @param maxRosterItems of one user; default 5,000
 * @param maxOfflineMessages waiting for one user, further ones are refused; default 1,000
 * @param outageStatus where clients learn of outages (XEP-0455); default none
 * @param clientsKept how long it is known which clients have logged in (XEP-0494); zero for not at
 *     all, default 60 d
 * @param admins bare addresses of those who may administer the service by commands (XEP-0133)
 * @param archiveSearch archived messages that a search for text (XEP-0431) looks at in vain at
 *     most; default 0 for no search
 */
public record RouterConfig(
    Map<String, Archive> archive,
    Registration registration,
    Map<Contact, List<URI>> contacts,
    int scramIterations,
    int maxSessionsPerUser,
    int maxRosterItems,
    int maxOfflineMessages,
    ResourceConflict resourceConflict,
    Resumption resumption,
    List<URI> outageStatus,
    ExternalServices externalServices,
    Push push,
    Duration clientsKept,
    Set<Jid> admins,
    Invitations invitations,
    int archiveSearch) {

  /** RFC 7677, section 4: fewer would make a stolen database cheap to break. */
  public static final int MIN_SCRAM_ITERATIONS = 4096;

  public RouterConfig {
    archive = Map.copyOf(archive);
    contacts = Map.copyOf(contacts);
    outageStatus = List.copyOf(outageStatus);
    admins = Set.copyOf(admins);
    require(!archive.isEmpty(), "a router serves at least one domain");
    require(scramIterations >= MIN_SCRAM_ITERATIONS, "SCRAM iterations are at least 4096");
    require(
        maxSessionsPerUser > 0 && maxRosterItems > 0 && maxOfflineMessages >= 0,
        "a limit is positive");
    require(archiveSearch >= 0, "a limit is not negative");
    require(!clientsKept.isNegative(), "a time is not negative");
  }

  /** The domains served, in prepared form. */
  public Set<String> domains() {
    return archive.keySet();
  }

  /** Which messages of a domain go to the archive. */
  public enum Archive {
    ALWAYS,
    OFF
  }

  /** What happens when a client asks for a resource in use (RFC 6120, section 7.7.2.2). */
  public enum ResourceConflict {
    /** The older stream ends with {@code conflict}. */
    REPLACE,
    /** The newer one is refused with {@code conflict}. */
    REFUSE
  }

  /** Kinds of contact addresses (XEP-0157, section 3). */
  public enum Contact {
    ABUSE,
    ADMIN,
    FEEDBACK,
    SALES,
    SECURITY,
    STATUS,
    SUPPORT
  }

  /**
   * Sessions that wait for their client to come back (XEP-0198).
   *
   * @param timeout how long at most; default 5 min
   * @param stanzas that may wait for one of them; then it ends; default 5,000
   * @param bytes the same in bytes; default 8 MiB
   */
  public record Resumption(Duration timeout, int stanzas, int bytes) {
    public Resumption {
      require(!timeout.isNegative(), "a time-out is not negative");
      require(stanzas > 0 && bytes > 0, "a limit is positive");
    }
  }

  /**
   * What push notifications tell the services of others of a message (XEP-0357, section 9), beside
   * that there is one.
   *
   * @param sender who has sent it; default false
   * @param body what it says; default false
   */
  public record Push(boolean sender, boolean body) {
    public static final Push NOTHING = new Push(false, false);
  }

  /**
   * In-band registration (XEP-0077).
   *
   * @param enabled default only in {@code standalone}
   * @param perAddress accounts one client address may make within the window; default 5
   * @param window default 10 min
   */
  public record Registration(boolean enabled, int perAddress, Duration window) {
    public Registration {
      require(perAddress > 0, "a limit is positive");
      require(window.compareTo(Duration.ZERO) > 0, "a window is positive");
    }
  }

  /**
   * Services for calls, which clients are told of (XEP-0215).
   *
   * @param turnSecret shared with the TURN servers, empty when there are none
   * @param turnLifetime of the credentials for them; default 12 h
   */
  public record ExternalServices(
      List<ExternalService> services, String turnSecret, Duration turnLifetime) {
    public static final ExternalServices NONE =
        new ExternalServices(List.of(), "", Duration.ofHours(12));

    public ExternalServices {
      services = List.copyOf(services);
      require(turnLifetime.compareTo(Duration.ZERO) > 0, "a lifetime is positive");
      require(
          !turnSecret.isEmpty() || services.stream().noneMatch(one -> one.type().isRelay()),
          "TURN servers need a secret");
    }

    @Override
    public String toString() {
      return "ExternalServices" + services;
    }
  }

  /**
   * A STUN or TURN server (RFC 7064, RFC 7065).
   *
   * @param host name or IP address
   * @param transport {@code udp} or {@code tcp}
   */
  public record ExternalService(Type type, String host, int port, String transport) {

    /** What it speaks; the last two inside of TLS or DTLS. */
    public enum Type {
      STUN,
      TURN,
      STUNS,
      TURNS;

      public String xmlName() {
        return name().toLowerCase(Locale.ROOT);
      }

      /** Whether it takes credentials. */
      public boolean isRelay() {
        return this == TURN || this == TURNS;
      }

      public boolean isEncrypted() {
        return this == STUNS || this == TURNS;
      }
    }
  }

  /** Whose invitations an account can be made with, also where registration is off (XEP-0445). */
  public enum Inviters {
    OFF,
    ADMINS,
    USERS
  }

  /**
   * Invitations (XEP-0401).
   *
   * @param registering whose an account can be made with; default admins
   * @param validity until when they have to be used; default 7 d
   * @param perUser waiting to be used; default 20
   */
  public record Invitations(Inviters registering, Duration validity, int perUser) {
    public Invitations {
      require(perUser > 0, "a limit is positive");
      require(validity.compareTo(Duration.ofMinutes(1)) >= 0, "a minute is the least");
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(what);
    }
  }
}
