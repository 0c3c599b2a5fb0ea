package io.rookery.standalone.config;

import static io.rookery.standalone.config.KeyTypes.ACCOUNT;
import static io.rookery.standalone.config.KeyTypes.BOOLEAN;
import static io.rookery.standalone.config.KeyTypes.CONTACT;
import static io.rookery.standalone.config.KeyTypes.DOMAIN;
import static io.rookery.standalone.config.KeyTypes.WEB;
import static io.rookery.standalone.config.KeyTypes.duration;
import static io.rookery.standalone.config.KeyTypes.integer;
import static io.rookery.standalone.config.KeyTypes.list;
import static io.rookery.standalone.config.KeyTypes.map;
import static io.rookery.standalone.config.KeyTypes.oneOf;
import static io.rookery.standalone.config.KeyTypes.size;

import io.rookery.protocol.jid.Jid;
import io.rookery.router.RouterConfig;
import io.rookery.router.RouterConfig.Anonymous;
import io.rookery.router.RouterConfig.Archive;
import io.rookery.router.RouterConfig.Contact;
import io.rookery.router.RouterConfig.Invitations;
import io.rookery.router.RouterConfig.Inviters;
import io.rookery.router.RouterConfig.Push;
import io.rookery.router.RouterConfig.Reach;
import io.rookery.router.RouterConfig.Registration;
import io.rookery.router.RouterConfig.ResourceConflict;
import io.rookery.router.RouterConfig.Resumption;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The keys of the router. */
final class RouterKeys {
  static final Key<Archive> ARCHIVE =
      Key.of(
          "router.archive",
          oneOf(Archive.class),
          "always",
          "Whether messages go to the archive (XEP-0313).");
  static final Key<Map<String, Archive>> ARCHIVE_OF =
      Key.of(
          "router.archive-of",
          map(DOMAIN, oneOf(Archive.class)),
          "",
          "The same for single domains.");
  static final Key<Integer> ARCHIVE_SEARCH =
      Key.of(
          "router.archive-search",
          integer(0, 1_000_000),
          "0",
          "Archived messages that a search for text (XEP-0431) looks at in vain at most; 0: no search.");
  static final Key<Boolean> REGISTRATION =
      Key.of(
              "router.registration.enabled",
              BOOLEAN,
              "false",
              "Whether clients may make accounts (XEP-0077). The same on connectors, which announce it.")
          .inStandalone("true");
  static final Key<Integer> REGISTRATIONS_PER_ADDRESS =
      Key.of(
          "router.registration.per-address",
          integer(1, 1_000_000),
          "5",
          "Accounts one client address (IPv6: /64) may make within the window.");
  static final Key<Duration> REGISTRATION_WINDOW =
      Key.of(
          "router.registration.window",
          duration("1s", "1d"),
          "10m",
          "The window of registrations.");
  static final Key<Integer> SCRAM_ITERATIONS =
      Key.of(
          "router.scram-iterations",
          integer(RouterConfig.MIN_SCRAM_ITERATIONS, 10_000_000),
          "10000",
          "Iterations of new SCRAM keys.");
  static final Key<Integer> MAX_SESSIONS =
      Key.of(
          "router.max-sessions-per-user",
          integer(1, 1000),
          "32",
          "Resources a user may have bound.");
  static final Key<Integer> MAX_ROSTER_ITEMS =
      Key.of("router.max-roster-items", integer(1, 100_000), "5000", "Contacts of one user.");
  static final Key<Integer> MAX_OFFLINE_MESSAGES =
      Key.of(
          "router.max-offline-messages",
          integer(0, 1_000_000),
          "1000",
          "Messages waiting for one user; further ones are refused.");
  static final Key<ResourceConflict> RESOURCE_CONFLICT =
      Key.of(
          "router.resource-conflict",
          oneOf(ResourceConflict.class),
          "replace",
          "When a resource is in use: the new stream replaces the old one, or is refused.");
  static final Key<Duration> RESUMPTION_TIMEOUT =
      Key.of(
          "router.resumption.timeout",
          duration("0s", "1d"),
          "5m",
          "How long a session waits at most for its client to resume it (XEP-0198).");
  static final Key<Integer> RESUMPTION_STANZAS =
      Key.of(
          "router.resumption.stanzas",
          integer(100, 1_000_000),
          "5000",
          "Stanzas that may wait for such a session; with more it ends.");
  static final Key<Integer> RESUMPTION_BYTES =
      Key.of("router.resumption.bytes", size("64KiB", "1GiB"), "8MiB", "The same in bytes.");
  static final Key<Boolean> PUSH_SENDER =
      Key.of(
          "router.push.sender",
          BOOLEAN,
          "false",
          "Whether push notifications name the sender of the message (XEP-0357).");
  static final Key<Boolean> PUSH_BODY =
      Key.of(
          "router.push.body",
          BOOLEAN,
          "false",
          "Whether push notifications carry the body of the message.");
  static final Key<List<URI>> OUTAGE_STATUS =
      Key.of(
          "router.outage-status",
          list(WEB, 0),
          "",
          "Where clients read what is wrong while the service cannot be reached (XEP-0455).");
  static final Key<Duration> CLIENTS_KEPT =
      Key.of(
          "router.clients-kept",
          duration("0s", "1000d"),
          "60d",
          "How long after a login users see which client it was (XEP-0494); 0s for while it lasts.");
  static final Key<List<Jid>> ADMINS =
      Key.of(
          "router.admins",
          list(ACCOUNT, 0),
          "",
          "Accounts that may administer the service by commands (XEP-0133).");
  static final Key<Inviters> INVITATIONS_REGISTERING =
      Key.of(
          "router.invitations.registering",
          oneOf(Inviters.class),
          "admins",
          "Whose invitations accounts can be made with (XEP-0445), even if"
              + " `router.registration.enabled` is false. The same on connectors, which announce it.");
  static final Key<Duration> INVITATIONS_VALIDITY =
      Key.of(
          "router.invitations.validity",
          duration("1m", "365d"),
          "7d",
          "When an unused invitation (XEP-0401) expires.");
  static final Key<Integer> INVITATIONS_PER_USER =
      Key.of(
          "router.invitations.per-user",
          integer(1, 1000),
          "20",
          "Unused invitations of one user; administrators have 1000.");
  static final Key<Boolean> USER_SEARCH =
      Key.of(
          "router.user-search",
          BOOLEAN,
          "false",
          "Whether users can search for others of their domain who want to be found (XEP-0055).");
  static final Key<List<String>> ANONYMOUS_DOMAINS =
      Key.of(
          "router.anonymous.domains",
          list(DOMAIN, 0),
          "",
          "Domains whose users log in without an account (XEP-0175), and no others. The same on"
              + " connectors, which announce it.");
  static final Key<Reach> ANONYMOUS_REACH =
      Key.of(
          "router.anonymous.reach",
          oneOf(Reach.class),
          "service",
          "Whom they may write to: their own domain, all domains served, or other servers, too.");
  static final Key<Integer> ANONYMOUS_PER_ADDRESS =
      Key.of(
          "router.anonymous.per-address",
          integer(1, 1_000_000),
          "20",
          "Their logins from one client address (IPv6: /64) within the window.");
  static final Key<Duration> ANONYMOUS_WINDOW =
      Key.of(
          "router.anonymous.window",
          duration("1s", "1d"),
          "10m",
          "The window of anonymous logins.");
  static final Key<Integer> ANONYMOUS_STANZAS =
      Key.of(
          "router.anonymous.stanzas-per-minute",
          integer(1, 1_000_000_000),
          "600",
          "Their stanzas from one client address; further ones are refused.");
  static final Map<Contact, Key<List<URI>>> CONTACTS =
      Arrays.stream(Contact.values())
          .collect(
              Collectors.toMap(
                  Function.identity(),
                  RouterKeys::contact,
                  (a, b) -> a,
                  () -> new EnumMap<>(Contact.class)));

  static final List<Key<?>> ALL =
      Stream.concat(
              Stream.of(
                  ARCHIVE,
                  ARCHIVE_OF,
                  ARCHIVE_SEARCH,
                  REGISTRATION,
                  REGISTRATIONS_PER_ADDRESS,
                  REGISTRATION_WINDOW,
                  SCRAM_ITERATIONS,
                  MAX_SESSIONS,
                  MAX_ROSTER_ITEMS,
                  MAX_OFFLINE_MESSAGES,
                  RESOURCE_CONFLICT,
                  RESUMPTION_TIMEOUT,
                  RESUMPTION_STANZAS,
                  RESUMPTION_BYTES,
                  PUSH_SENDER,
                  PUSH_BODY,
                  OUTAGE_STATUS,
                  CLIENTS_KEPT,
                  ADMINS,
                  INVITATIONS_REGISTERING,
                  INVITATIONS_VALIDITY,
                  INVITATIONS_PER_USER,
                  USER_SEARCH,
                  ANONYMOUS_DOMAINS,
                  ANONYMOUS_REACH,
                  ANONYMOUS_PER_ADDRESS,
                  ANONYMOUS_WINDOW,
                  ANONYMOUS_STANZAS),
              CONTACTS.values().stream())
          .toList();

  private RouterKeys() {}

  private static Key<List<URI>> contact(Contact contact) {
    String name = contact.name().toLowerCase(Locale.ROOT);
    return Key.of(
        "router.contacts." + name,
        list(CONTACT, 0),
        "",
        "Contact addresses of kind " + name + " (XEP-0157).");
  }

  static void check(Settings settings) {
    Keys.onlyServed(settings, ARCHIVE_OF, settings.get(ARCHIVE_OF).keySet());
    ExternalServiceKeys.check(settings);
    Keys.onlyServed(settings, ADMINS, settings.get(ADMINS).stream().map(Jid::domain).toList());
    checkAnonymous(settings);
  }

  private static void checkAnonymous(Settings settings) {
    List<String> domains = settings.get(ANONYMOUS_DOMAINS);
    Keys.onlyServed(settings, ANONYMOUS_DOMAINS, domains);
    Map<String, Archive> archiveOf = settings.get(ARCHIVE_OF);
    if (domains.stream().map(archiveOf::get).anyMatch(Archive.ALWAYS::equals)) {
      settings.refuse(ARCHIVE_OF, "no archive for domains in " + ANONYMOUS_DOMAINS.path());
    }
    if (settings.get(ADMINS).stream().map(Jid::domain).anyMatch(domains::contains)) {
      settings.refuse(ADMINS, "no accounts of domains in " + ANONYMOUS_DOMAINS.path());
    }
  }

  private static Archive archive(Settings settings, String domain) {
    return settings.get(ANONYMOUS_DOMAINS).contains(domain)
        ? Archive.OFF
        : settings.get(ARCHIVE_OF).getOrDefault(domain, settings.get(ARCHIVE));
  }

  static RouterConfig bind(Settings settings) {
    return new RouterConfig(
        settings.get(Keys.DOMAINS).stream()
            .collect(Collectors.toMap(Function.identity(), domain -> archive(settings, domain))),
        new Registration(
            settings.get(REGISTRATION),
            settings.get(REGISTRATIONS_PER_ADDRESS),
            settings.get(REGISTRATION_WINDOW)),
        contacts(settings),
        settings.get(SCRAM_ITERATIONS),
        settings.get(MAX_SESSIONS),
        settings.get(MAX_ROSTER_ITEMS),
        settings.get(MAX_OFFLINE_MESSAGES),
        settings.get(RESOURCE_CONFLICT),
        new Resumption(
            settings.get(RESUMPTION_TIMEOUT),
            settings.get(RESUMPTION_STANZAS),
            settings.get(RESUMPTION_BYTES)),
        settings.get(OUTAGE_STATUS),
        ExternalServiceKeys.bind(settings),
        new Push(settings.get(PUSH_SENDER), settings.get(PUSH_BODY)),
        settings.get(CLIENTS_KEPT),
        Set.copyOf(settings.get(ADMINS)),
        new Invitations(
            settings.get(INVITATIONS_REGISTERING),
            settings.get(INVITATIONS_VALIDITY),
            settings.get(INVITATIONS_PER_USER)),
        settings.get(USER_SEARCH),
        settings.get(ARCHIVE_SEARCH),
        new Anonymous(
            Set.copyOf(settings.get(ANONYMOUS_DOMAINS)),
            settings.get(ANONYMOUS_REACH),
            settings.get(ANONYMOUS_PER_ADDRESS),
            settings.get(ANONYMOUS_WINDOW),
            settings.get(ANONYMOUS_STANZAS)));
  }

  private static Map<Contact, List<URI>> contacts(Settings settings) {
    Map<Contact, List<URI>> contacts = new EnumMap<>(Contact.class);
    CONTACTS.forEach(
        (contact, key) -> {
          if (!settings.get(key).isEmpty()) {
            contacts.put(contact, settings.get(key));
          }
        });
    return contacts;
  }
}
