package io.rookery.router.shard;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.rookery.cluster.Loop;
import io.rookery.cluster.Membership;
import io.rookery.cluster.Partitions;
import io.rookery.cluster.SessionRecords;
import io.rookery.router.RouterConfig;
import io.rookery.router.RouterConfig.Archive;
import io.rookery.router.account.AccountRemoval;
import io.rookery.router.account.Credentials;
import io.rookery.router.activity.LastActivityQueries;
import io.rookery.router.administration.Inquiries;
import io.rookery.router.administration.Reports;
import io.rookery.router.administration.ServiceAdministration;
import io.rookery.router.anonymous.AnonymousAccess;
import io.rookery.router.anonymous.Permitted;
import io.rookery.router.archive.ArchiveEnds;
import io.rookery.router.archive.ArchivePreferences;
import io.rookery.router.archive.MessageArchive;
import io.rookery.router.avatar.AvatarConversion;
import io.rookery.router.blocking.AbuseReports;
import io.rookery.router.blocking.BlockListChanges;
import io.rookery.router.blocking.BlockingCommand;
import io.rookery.router.bookmark.BookmarkConversion;
import io.rookery.router.caps.EntityCapabilities;
import io.rookery.router.caps.KnownCapabilities;
import io.rookery.router.carbons.Carbons;
import io.rookery.router.client.ClientAccess;
import io.rookery.router.client.ClientRecords;
import io.rookery.router.command.Commands;
import io.rookery.router.contact.ContactAddresses;
import io.rookery.router.contact.OutageStatus;
import io.rookery.router.delivery.ClientStanzas;
import io.rookery.router.delivery.Delivery;
import io.rookery.router.delivery.Effects;
import io.rookery.router.delivery.Requests;
import io.rookery.router.directory.DirectoryListing;
import io.rookery.router.directory.UserSearch;
import io.rookery.router.disco.Disco;
import io.rookery.router.dispatch.Extensions;
import io.rookery.router.dispatch.HookChain;
import io.rookery.router.dispatch.IqDispatcher;
import io.rookery.router.displayed.DisplayedSynchronization;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.Manifest;
import io.rookery.router.external.ExternalServices;
import io.rookery.router.invitation.ContactApproval;
import io.rookery.router.invitation.InvitationCommands;
import io.rookery.router.invitation.InvitedRegistration;
import io.rookery.router.invitation.Issuance;
import io.rookery.router.login.Admission;
import io.rookery.router.login.Authentication;
import io.rookery.router.login.Binding;
import io.rookery.router.login.InlineFeatures;
import io.rookery.router.login.LegacySession;
import io.rookery.router.login.PasswordWork;
import io.rookery.router.login.Resumption;
import io.rookery.router.login.SessionEnd;
import io.rookery.router.login.TokenLogin;
import io.rookery.router.login.Tokens;
import io.rookery.router.mailbox.Archiving;
import io.rookery.router.mailbox.LogTail;
import io.rookery.router.mailbox.Mailbox;
import io.rookery.router.mailbox.OfflineMessages;
import io.rookery.router.mailbox.StanzaIds;
import io.rookery.router.moved.MovedAccounts;
import io.rookery.router.ping.Ping;
import io.rookery.router.presence.Presences;
import io.rookery.router.privatedata.PrivateElements;
import io.rookery.router.privatedata.PrivateXml;
import io.rookery.router.pubsub.Acquaintance;
import io.rookery.router.pubsub.KnownNodes;
import io.rookery.router.pubsub.Limits;
import io.rookery.router.pubsub.Pubsub;
import io.rookery.router.pubsub.ServerPublications;
import io.rookery.router.pubsub.VisibleItems;
import io.rookery.router.push.Alarm;
import io.rookery.router.push.PushNotifications;
import io.rookery.router.register.Registration;
import io.rookery.router.register.RegistrationLimit;
import io.rookery.router.roster.RosterChanges;
import io.rookery.router.roster.RosterExtension;
import io.rookery.router.roster.Subscriptions;
import io.rookery.router.routing.RecentOrigins;
import io.rookery.router.routing.Routes;
import io.rookery.router.sasl.KeyUpgrade;
import io.rookery.router.sasl.PasswordKeys;
import io.rookery.router.sasl.SaslServer;
import io.rookery.router.session.LiveAccounts;
import io.rookery.router.session.Records;
import io.rookery.router.session.Retries;
import io.rookery.router.session.Stores;
import io.rookery.router.time.EntityTime;
import io.rookery.router.vcard.StoredVcards;
import io.rookery.router.vcard.Vcard;
import io.rookery.router.vcard.VcardAvatars;
import io.rookery.router.vcard4.Vcard4;
import io.rookery.router.version.Version;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The router role of a node, wired by hand: one {@link Shard} per event loop. This is the place to
 * list an extension.
 */
public final class Router {
  /** By one network address in the time in which it may make so many accounts. */
  private static final int INVITATIONS_SHOWN = 100;

  private static final Logger LOG = LoggerFactory.getLogger(Router.class);
  private static final int MAX_IDLE_ACCOUNTS = 20_000;
  private static final int MAX_KNOWN_CAPABILITIES = 1_000;
  private static final long MAX_NODE_BYTES = 32L << 20;
  private static final int MAX_EXCHANGES = 20_000;
  private static final long MAX_PENDING_BYTES = 64L << 20;
  private static final long REPORT_MILLIS = 1000;
  private static final long CHECK_MILLIS = 1000;
  private static final long CURSOR_MILLIS = 10_000;
  private static final long RECORD_MILLIS = 50;
  private static final long REPEATED_MILLIS = 30_000;

  private final Vertx vertx;
  private final RouterConfig config;
  private final Stores stores;
  private final Membership membership;
  private final Partitions partitions;
  private final SessionRecords sessionRecords;
  private final byte[] decoySecret;
  private final PasswordWork passwordWork;
  private final RegistrationLimit registrationLimit;
  private final RegistrationLimit invitationLimit;
  private final RegistrationLimit anonymousLogins;
  private final RegistrationLimit anonymousStanzas;
  private final Clock clock;
  private final MeterRegistry meters;
  private final String version;
  private final SecureRandom random = new SecureRandom();
  private final List<Shard> shards = new CopyOnWriteArrayList<>();
  private final Promise<Void> opened = Promise.promise();
  private volatile List<Manifest> manifests = List.of();

  /**
   * @param decoySecret the same on all routers of a service, see {@link SaslServer}
   * @param version of this software, as it is told to others
   */
  public Router(
      Vertx vertx,
      RouterConfig config,
      Stores stores,
      Membership membership,
      Partitions partitions,
      SessionRecords sessionRecords,
      byte[] decoySecret,
      String version,
      Clock clock,
      MeterRegistry meters) {
    this.vertx = vertx;
    this.config = config;
    this.stores = stores;
    this.membership = membership;
    this.partitions = partitions;
    this.sessionRecords = sessionRecords;
    this.decoySecret = decoySecret.clone();
    this.version = version;
    this.clock = clock;
    this.meters = meters;
    this.registrationLimit =
        new RegistrationLimit(
            config.registration().perAddress(), config.registration().window(), clock);
    this.invitationLimit =
        new RegistrationLimit(INVITATIONS_SHOWN, config.registration().window(), clock);
    this.anonymousLogins =
        new RegistrationLimit(config.anonymous().perAddress(), config.anonymous().window(), clock);
    this.anonymousStanzas =
        new RegistrationLimit(config.anonymous().stanzasPerMinute(), Duration.ofMinutes(1), clock);
    int cores = Runtime.getRuntime().availableProcessors();
    this.passwordWork =
        new PasswordWork(vertx.createSharedWorkerExecutor("passwords", cores), 64 * cores);
    Gauge.builder("rookery.router.sessions", shards, all -> sum(all, Shard::sessions))
        .description("Bound sessions")
        .register(meters);
    Gauge.builder("rookery.sessions.hibernated", shards, all -> sum(all, Shard::waiting))
        .description("Sessions that wait for their client to resume them")
        .register(meters);
    Gauge.builder("rookery.router.underway", shards, all -> sum(all, Shard::underway))
        .description("Stanzas sent to their recipient's owner and not yet settled")
        .register(meters);
    count(
        "rookery.held.stanzas",
        shards,
        Shard::held,
        "Stanzas held back while nobody looked at the client",
        meters);
    count(
        "rookery.held.superseded",
        shards,
        Shard::superseded,
        "Of those, the ones never sent because a later one said more",
        meters);
  }

  private static void count(
      String name, List<Shard> all, ToLongFunction<Shard> what, String text, MeterRegistry meters) {
    FunctionCounter.builder(name, all, shards -> shards.stream().mapToLong(what).sum())
        .description(text)
        .register(meters);
  }

  private Set<String> nodes() {
    return membership.nodes().stream()
        .map(Membership.Node::id)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static double sum(List<Shard> all, java.util.function.ToIntFunction<Shard> what) {
    return all.stream().mapToInt(what).sum();
  }

  /** Puts a shard on a loop; on the loop's context. */
  public void install(Loop loop) {
    Records records = new Records(sessionRecords, meters);
    RecentOrigins origins = new RecentOrigins();
    Shard shard = shard(loop, records, origins);
    shards.add(shard);
    loop.host(shard);
    vertx.setPeriodic(REPORT_MILLIS, id -> shard.reportProgress());
    vertx.setPeriodic(CHECK_MILLIS, id -> shard.checkWaiting());
    vertx.setPeriodic(CURSOR_MILLIS, id -> shard.moveCursors());
    vertx.setPeriodic(RECORD_MILLIS, id -> records.flush());
    vertx.setPeriodic(REPEATED_MILLIS, id -> origins.rotate());
    opened.future().onSuccess(v -> follow(loop, shard));
  }

  private void follow(Loop loop, Shard shard) {
    membership.onLeave(node -> loop.context().runOnContext(v -> shard.nodeLeft(node.id())));
    membership.onOwnersChanged(() -> loop.context().runOnContext(v -> shard.ownersChanged()));
    loop.context().runOnContext(v -> shard.ownersChanged());
  }

  /** The loops can be reached: takes on the accounts it owns, from now on and as owners change. */
  public void open() {
    opened.complete();
  }

  /** What all extensions say of themselves; nothing before a loop is installed. */
  public List<Manifest> manifests() {
    return manifests;
  }

  private Shard shard(Loop loop, Records records, RecentOrigins origins) {
    Routes routes = new Routes(loop, partitions, this::nodes, config.domains());
    Retries retries = new Retries(vertx, membership::confirmed, meters);
    LiveAccounts accounts =
        new LiveAccounts(
            stores, retries, MAX_IDLE_ACCOUNTS, archivedDomains(), clock, config.anonymous());
    Mailbox mailbox =
        new Mailbox(
            accounts, stores, retries, clock, MAX_PENDING_BYTES, loop.self().loop(), meters);
    Archiving archiving = new Archiving(mailbox, archivedDomains(), config.maxOfflineMessages());
    OfflineMessages offline = new OfflineMessages(stores, retries, routes);
    Presences presences = new Presences(routes);
    RosterChanges rosterChanges = new RosterChanges(stores, retries, routes, ids());
    Subscriptions subscriptions =
        new Subscriptions(rosterChanges, routes, accounts, config.maxRosterItems());
    SessionEnd sessionEnd =
        new SessionEnd(loop, routes, stores, retries, accounts, records, presences, offline, clock);
    LogTail tail = new LogTail(stores, retries, origins, clock);
    Resumption resumption =
        new Resumption(
            loop,
            routes,
            accounts,
            records,
            sessionEnd,
            archiving,
            config.resumption(),
            clock,
            ids(),
            meters);
    Admission admission =
        new Admission(
            () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()), loop.self().loop(), meters);
    vertx.setPeriodic(CHECK_MILLIS, id -> admission.check());
    Tenure tenure = new Tenure();
    Adoption adoption =
        new Adoption(
            loop, routes, accounts, records, resumption, sessionEnd, offline, tail, origins);
    Takeover takeover =
        new Takeover(
            vertx,
            loop,
            membership,
            partitions,
            sessionRecords,
            tenure,
            adoption,
            accounts,
            records,
            resumption);
    KnownNodes nodes = new KnownNodes(stores.personalNodes(), tenure::term, MAX_NODE_BYTES);
    AccountRemoval removal =
        new AccountRemoval(stores, nodes, retries, accounts, subscriptions, sessionEnd);
    Credentials credentials =
        new Credentials(
            stores.accounts(),
            stores.loginTokens(),
            new PasswordKeys(random, config.scramIterations()),
            passwordWork,
            clock);
    InvitedRegistration invited =
        new InvitedRegistration(
            stores.invitations(),
            stores.rosters(),
            stores.accounts(),
            config.invitations().registering(),
            config.admins(),
            clock);
    Registration registration =
        new Registration(
            credentials,
            invited,
            registrationLimit,
            invitationLimit,
            config.registration(),
            accounts::turnedOut,
            config.anonymous().domains());
    ContactApproval contactApproval = new ContactApproval(stores.invitations(), clock);
    subscriptions.approveBy(contactApproval);
    Inquiries inquiries = new Inquiries(loop, routes, vertx);
    ServiceAdministration administration =
        new ServiceAdministration(
            config.admins(),
            credentials,
            stores.lastActivities(),
            inquiries,
            clock,
            config.anonymous());
    InvitationCommands invitations =
        new InvitationCommands(
            stores.invitations(),
            new Issuance(stores.invitations(), random, clock, config.invitations().validity()),
            credentials,
            config.admins(),
            config.invitations());

    ArchiveEnds archiveEnds = new ArchiveEnds(stores.mailboxes(), mailbox, archivedDomains());
    AbuseReports reports = new AbuseReports(meters);
    Acquaintance acquaintance =
        new Acquaintance(accounts::atHand, stores.rosters(), stores.blockLists());
    MovedAccounts moved =
        new MovedAccounts(
            new VisibleItems(nodes, acquaintance),
            new VisibleItems(stores.personalNodes(), acquaintance),
            config.domains());
    subscriptions.follow(moved);
    ServerPublications publications =
        new ServerPublications(nodes, retries, Limits.USUAL, clock, ids());
    StoredVcards vcards = new StoredVcards(stores.vcards(), retries);
    PrivateElements privateElements = new PrivateElements(stores.privateData(), retries);
    AvatarConversion avatars = new AvatarConversion(publications, vcards);
    Vcard4 vcard4 = new Vcard4(publications, vcards);
    DirectoryListing listing =
        new DirectoryListing(stores.directory(), publications, retries, vcard4);
    UserSearch search =
        new UserSearch(
            config.userSearch(), stores.directory(), listing, stores.blockLists(), clock);
    BookmarkConversion bookmarks = new BookmarkConversion(publications, privateElements);
    Pubsub pubsub =
        new Pubsub(
            nodes,
            acquaintance,
            retries,
            Limits.USUAL,
            clock,
            ids(),
            List.of(avatars, listing, bookmarks));
    KnownCapabilities capabilities = new KnownCapabilities(MAX_KNOWN_CAPABILITIES);

    PushNotifications push =
        new PushNotifications(
            stores.pushRegistrations(),
            config.push(),
            accounts,
            routes,
            retries,
            alarm(tenure),
            clock,
            ids(),
            meters);
    resumption.onStreams(push.streams());
    subscriptions.onRequested(push::requested);
    takeover.onGained(push::gained);

    List<Extension> listed =
        List.of(
            new AnonymousAccess(config.anonymous(), config.domains(), anonymousStanzas::tryAcquire),
            new RosterExtension(rosterChanges, subscriptions, config.maxRosterItems()),
            offline,
            new StanzaIds(),
            new MessageArchive(stores.mailboxes(), archiveEnds, config.archiveSearch()),
            new ArchivePreferences(stores.archivePolicies(), retries, archivedDomains()),
            registration,
            invited,
            contactApproval,
            moved,
            administration,
            invitations,
            search,
            new Commands(
                Stream.of(invitations.commands(), search.commands(), administration.commands())
                    .flatMap(List::stream)
                    .toList(),
                ids(),
                clock),
            new LegacySession(),
            new Version(version),
            new Ping(),
            new EntityTime(clock),
            new LastActivityQueries(stores.lastActivities(), clock, clock.instant()),
            new PrivateXml(privateElements, bookmarks),
            new Vcard(vcards, List.of(avatars, vcard4, listing)),
            new VcardAvatars(),
            avatars,
            vcard4,
            bookmarks,
            new DisplayedSynchronization(publications),
            new ContactAddresses(config.contacts()),
            new OutageStatus(config.outageStatus()),
            new ExternalServices(config.externalServices(), config.domains(), clock),
            new ClientAccess(
                stores.accounts(),
                stores.loginTokens(),
                config.clientsKept(),
                clock,
                push::revoked,
                accounts::turnedOut),
            pubsub,
            new EntityCapabilities(capabilities, pubsub.lastItems(), ids(), clock),
            new BlockingCommand(new BlockListChanges(stores, retries), reports, ids()),
            reports,
            new Carbons(),
            push);
    Disco disco =
        new Disco(
            listed, new Disco.Guests(config.anonymous().domains()::contains, Permitted::feature));
    Extensions extensions =
        new Extensions(Stream.concat(listed.stream(), Stream.of(disco)).toList());
    manifests = extensions.manifests();

    Effects effects = new Effects(routes, removal, sessionEnd, presences);
    subscriptions.onGone(pubsub::gone);
    subscriptions.onSubscribed(
        (account, contact) ->
            effects.perform(account, pubsub.lastItems().subscribed(account, contact)));
    rosterChanges.onRegrouped(
        (account, before) ->
            pubsub
                .newcomers()
                .regrouped(account, before)
                .onSuccess(last -> effects.perform(account, last))
                .onFailure(failure -> LOG.warn("last items: {}", failure.toString())));
    HookChain hooks = new HookChain(extensions, effects::perform, meters);
    Requests requests = new Requests(new IqDispatcher(extensions), effects, routes);
    ShardMetrics metrics = new ShardMetrics(meters);
    ClientStanzas clientStanzas =
        new ClientStanzas(
            accounts,
            routes,
            hooks,
            requests,
            presences,
            subscriptions,
            archiving,
            offline,
            records,
            origins);
    return new Shard(
        loop,
        routes,
        accounts,
        new Authentication(
            loop,
            stores,
            new SaslServer(random, decoySecret, config.scramIterations()),
            passwordWork,
            admission,
            new TokenLogin(
                stores.accounts(), new Tokens(stores.loginTokens(), random, clock), admission),
            config.anonymous(),
            anonymousLogins::tryAcquire,
            domain -> disco.capabilities(domain).features(),
            new KeyUpgrade(random, config.scramIterations()),
            MAX_EXCHANGES,
            meters),
        new Binding(
            loop,
            accounts,
            sessionEnd,
            resumption,
            new InlineFeatures(extensions::bindHandler, effects::perform),
            archiveEnds,
            new ClientRecords(stores.loginTokens(), config.clientsKept(), clock),
            config,
            ids(),
            admission,
            records,
            clock,
            random),
        sessionEnd,
        registration,
        removal,
        new Delivery(
            accounts, routes, hooks, requests, presences, subscriptions, archiving, tail, origins),
        metrics,
        offline,
        resumption,
        tenure,
        new Elsewhere(tenure, partitions, routes, meters),
        adoption,
        takeover,
        presences,
        inquiries,
        new Reports(loop, routes, accounts, sessionEnd, vertx),
        new Intake(loop, routes, accounts, clientStanzas::take, metrics));
  }

  private Alarm alarm(Tenure tenure) {
    return (account, millis, action) -> {
      long timer =
          vertx.setTimer(
              millis,
              id -> {
                if (tenure.isOurs(account)) {
                  action.run();
                }
              });
      return () -> vertx.cancelTimer(timer);
    };
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
