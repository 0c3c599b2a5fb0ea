package io.rookery.router.shard;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.rookery.cluster.Loop;
import io.rookery.cluster.Membership;
import io.rookery.cluster.Ownership;
import io.rookery.router.RouterConfig;
import io.rookery.router.RouterConfig.Archive;
import io.rookery.router.account.AccountRemoval;
import io.rookery.router.activity.LastActivityQueries;
import io.rookery.router.contact.ContactAddresses;
import io.rookery.router.delivery.ClientStanzas;
import io.rookery.router.delivery.Delivery;
import io.rookery.router.delivery.Effects;
import io.rookery.router.delivery.Requests;
import io.rookery.router.disco.Disco;
import io.rookery.router.dispatch.Extensions;
import io.rookery.router.dispatch.HookChain;
import io.rookery.router.dispatch.IqDispatcher;
import io.rookery.router.extension.Extension;
import io.rookery.router.login.Authentication;
import io.rookery.router.login.Binding;
import io.rookery.router.login.LegacySession;
import io.rookery.router.login.PasswordWork;
import io.rookery.router.login.SessionEnd;
import io.rookery.router.mailbox.Archiving;
import io.rookery.router.mailbox.Mailbox;
import io.rookery.router.mailbox.OfflineMessages;
import io.rookery.router.ping.Ping;
import io.rookery.router.presence.Presences;
import io.rookery.router.register.Registration;
import io.rookery.router.register.RegistrationLimit;
import io.rookery.router.roster.RosterChanges;
import io.rookery.router.roster.RosterExtension;
import io.rookery.router.roster.Subscriptions;
import io.rookery.router.routing.Routes;
import io.rookery.router.sasl.PasswordKeys;
import io.rookery.router.sasl.SaslServer;
import io.rookery.router.session.LiveAccounts;
import io.rookery.router.session.Retries;
import io.rookery.router.session.Stores;
import io.rookery.router.time.EntityTime;
import io.rookery.router.version.Version;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The router role of a node, wired by hand: one {@link Shard} per event loop. This is the place to
 * list an extension.
 */
public final class Router {
  private static final int MAX_IDLE_ACCOUNTS = 20_000;
  private static final int MAX_EXCHANGES = 20_000;
  private static final long MAX_PENDING_BYTES = 64L << 20;
  private static final long REPORT_MILLIS = 1000;

  private final Vertx vertx;
  private final RouterConfig config;
  private final Stores stores;
  private final Ownership ownership;
  private final byte[] decoySecret;
  private final PasswordWork passwordWork;
  private final RegistrationLimit registrationLimit;
  private final Clock clock;
  private final MeterRegistry meters;
  private final String version;
  private final SecureRandom random = new SecureRandom();
  private final List<Shard> shards = new CopyOnWriteArrayList<>();

  /**
   * @param decoySecret the same on all routers of a service, see {@link SaslServer}
   * @param version of this software, as it is told to others
   */
  public Router(
      Vertx vertx,
      RouterConfig config,
      Stores stores,
      Ownership ownership,
      byte[] decoySecret,
      String version,
      Clock clock,
      MeterRegistry meters) {
    this.vertx = vertx;
    this.config = config;
    this.stores = stores;
    this.ownership = ownership;
    this.decoySecret = decoySecret.clone();
    this.version = version;
    this.clock = clock;
    this.meters = meters;
    this.registrationLimit =
        new RegistrationLimit(
            config.registration().perAddress(), config.registration().window(), clock);
    int cores = Runtime.getRuntime().availableProcessors();
    this.passwordWork =
        new PasswordWork(vertx.createSharedWorkerExecutor("passwords", cores), 64 * cores);
    Gauge.builder("rookery.router.sessions", shards, all -> sum(all, Shard::sessions))
        .description("Bound sessions")
        .register(meters);
    Gauge.builder("rookery.router.underway", shards, all -> sum(all, Shard::underway))
        .description("Stanzas sent to their recipient's owner and not yet settled")
        .register(meters);
  }

  private static double sum(List<Shard> all, java.util.function.ToIntFunction<Shard> what) {
    return all.stream().mapToInt(what).sum();
  }

  /** Puts a shard on a loop; on the loop's context. */
  public void install(Loop loop, Membership membership) {
    Shard shard = shard(loop);
    shards.add(shard);
    loop.host(shard);
    vertx.setPeriodic(REPORT_MILLIS, id -> shard.reportProgress());
    membership.onLeave(node -> loop.context().runOnContext(v -> shard.nodeLeft(node.id())));
  }

  private Shard shard(Loop loop) {
    Routes routes = new Routes(loop, ownership, config.domains());
    Retries retries = new Retries(vertx, meters);
    LiveAccounts accounts = new LiveAccounts(stores, retries, MAX_IDLE_ACCOUNTS);
    Mailbox mailbox =
        new Mailbox(
            accounts, stores, retries, clock, MAX_PENDING_BYTES, loop.self().loop(), meters);
    Archiving archiving = new Archiving(mailbox, archivedDomains(), config.maxOfflineMessages());
    OfflineMessages offline = new OfflineMessages(stores, retries, routes);
    Presences presences = new Presences(routes);
    RosterChanges rosterChanges = new RosterChanges(stores, retries, routes, ids());
    Subscriptions subscriptions = new Subscriptions(rosterChanges, routes, config.maxRosterItems());
    SessionEnd sessionEnd =
        new SessionEnd(loop, stores, retries, accounts, presences, offline, clock);
    AccountRemoval removal =
        new AccountRemoval(stores, retries, accounts, subscriptions, sessionEnd);
    Registration registration =
        new Registration(
            stores.accounts(),
            new PasswordKeys(random, config.scramIterations()),
            passwordWork,
            registrationLimit,
            config,
            clock);

    List<Extension> listed =
        List.of(
            new RosterExtension(rosterChanges, subscriptions, config.maxRosterItems()),
            offline,
            registration,
            new LegacySession(),
            new Version(version),
            new Ping(),
            new EntityTime(clock),
            new LastActivityQueries(stores.lastActivities(), clock, clock.instant()),
            new ContactAddresses(config.contacts()));
    Extensions extensions =
        new Extensions(Stream.concat(listed.stream(), Stream.of(new Disco(listed))).toList());

    Effects effects = new Effects(routes, removal);
    HookChain hooks = new HookChain(extensions, effects::perform, meters);
    Requests requests = new Requests(new IqDispatcher(extensions), effects, routes);
    return new Shard(
        loop,
        routes,
        accounts,
        new Authentication(
            loop,
            stores,
            new SaslServer(random, decoySecret, config.scramIterations()),
            passwordWork,
            MAX_EXCHANGES,
            meters),
        new Binding(loop, routes, accounts, sessionEnd, config, ids()),
        sessionEnd,
        registration,
        removal,
        new ClientStanzas(
            accounts, routes, hooks, requests, presences, subscriptions, archiving, offline),
        new Delivery(accounts, routes, hooks, requests, presences, subscriptions, archiving),
        new ShardMetrics(meters));
  }

  private Set<String> archivedDomains() {
    return config.archive().entrySet().stream()
        .filter(entry -> entry.getValue() == Archive.ALWAYS)
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Hard to guess, short, unique: for resources and requests the server makes. */
  private Supplier<String> ids() {
    Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
    return () -> {
      byte[] bytes = new byte[9];
      random.nextBytes(bytes);
      return encoder.encodeToString(bytes);
    };
  }
}
