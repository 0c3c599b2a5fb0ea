package io.rookery.router.login;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.cluster.Partitions;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.wire.WireMessage;
import io.rookery.protocol.xml.Element;
import io.rookery.router.RouterConfig;
import io.rookery.router.mailbox.Archiving;
import io.rookery.router.mailbox.LogTail;
import io.rookery.router.mailbox.Mailbox;
import io.rookery.router.mailbox.OfflineMessages;
import io.rookery.router.presence.Presences;
import io.rookery.router.routing.RecentOrigins;
import io.rookery.router.routing.RecordedBus;
import io.rookery.router.routing.Routes;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.LiveAccounts;
import io.rookery.router.session.MemoryLog;
import io.rookery.router.session.MemoryRecords;
import io.rookery.router.session.Outbox;
import io.rookery.router.session.Records;
import io.rookery.router.session.Retries;
import io.rookery.router.session.Session;
import io.rookery.router.session.Stores;
import io.rookery.storage.account.Account;
import io.rookery.storage.account.Accounts;
import io.rookery.storage.account.ScramKeys;
import io.rookery.storage.activity.LastActivities;
import io.rookery.storage.archive.ArchivePolicies;
import io.rookery.storage.blocking.BlockList;
import io.rookery.storage.blocking.BlockLists;
import io.rookery.storage.directory.Directory;
import io.rookery.storage.invitation.Invitations;
import io.rookery.storage.privatedata.PrivateData;
import io.rookery.storage.pubsub.PersonalNodes;
import io.rookery.storage.push.PushRegistrations;
import io.rookery.storage.roster.Roster;
import io.rookery.storage.roster.Rosters;
import io.rookery.storage.vcard.Vcards;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What one loop of a router has for its accounts, around a recorded bus and stores in memory. */
public final class Owner {
  /** Of every account here. */
  public static final Map<ScramKeys.Hash, ScramKeys> KEYS =
      Map.of(
          ScramKeys.Hash.SHA_1,
          new ScramKeys(ScramKeys.Hash.SHA_1, new byte[16], 4096, new byte[20], new byte[20]));

  /** Nobody may log in. */
  public boolean disabled;

  public static final LoopAddress SELF = new LoopAddress("self", 0);
  public static final LoopAddress SENDER = new LoopAddress("sender", 0);
  public static final Jid JULIET = Given.JULIET;

  /** Somebody without an account. */
  public static final Jid GUEST = Jid.parse("0123456789abcdef@guests.example");

  public final Vertx vertx = Vertx.vertx();
  public final RecordedBus bus = new RecordedBus(SELF);
  public final MemoryLog log = new MemoryLog();
  public final MemoryRecords stored = new MemoryRecords();
  public final SetClock clock = new SetClock();
  public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  public final RecentOrigins origins = new RecentOrigins();
  public final Routes routes =
      new Routes(
          bus,
          partition -> partition == Partitions.of(JULIET) ? SELF : SENDER,
          () -> Set.of(SELF.node(), SENDER.node()),
          Set.of("capulet.example", "montague.example", GUEST.domain()));
  public final Retries retries =
      new Retries(vertx, () -> CompletableFuture.completedFuture(null), meters);
  public final Stores stores =
      new Stores(
          store(Accounts.class),
          store(Rosters.class),
          log,
          store(LastActivities.class),
          store(ArchivePolicies.class),
          store(BlockLists.class),
          store(PrivateData.class),
          store(Vcards.class),
          new MemoryTokens(),
          store(PersonalNodes.class),
          store(PushRegistrations.class),
          store(Invitations.class),
          store(Directory.class));
  public final LiveAccounts accounts =
      new LiveAccounts(
          stores,
          retries,
          10,
          Set.of(),
          clock,
          new RouterConfig.Anonymous(
              Set.of(GUEST.domain()), RouterConfig.Reach.SERVICE, 1, Duration.ofMinutes(1), 1));
  public final Records records = new Records(stored, meters);
  public final OfflineMessages offline = new OfflineMessages(stores, retries, routes);
  public final LogTail tail = new LogTail(stores, retries, origins, clock);
  public final SessionEnd sessionEnd =
      new SessionEnd(
          bus, routes, stores, retries, accounts, records, new Presences(routes), offline, clock);
  public final Archiving archiving;
  public final Resumption resumption;
  private int streams = 100;

  /**
   * @param archived domains with an archive
   */
  public Owner(String... archived) {
    Mailbox mailbox = new Mailbox(accounts, stores, retries, clock, 1 << 20, 0, meters);
    archiving = new Archiving(mailbox, Set.of(archived), 100);
    resumption =
        new Resumption(
            bus,
            routes,
            accounts,
            records,
            sessionEnd,
            archiving,
            new RouterConfig.Resumption(Duration.ofSeconds(300), 5, 100_000),
            clock,
            () -> "id" + ++streams,
            meters);
  }

  /** Shows what it is set to. */
  public static final class SetClock extends Clock {
    public long now = 1_700_000_000_000L;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(now);
    }
  }

  private <T> T store(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) ->
                switch (method.getName()) {
                  case "find" ->
                      Future.succeededFuture(
                          Optional.of(new Account((Jid) args[0], KEYS, Instant.EPOCH, disabled)));
                  case "load" ->
                      Future.succeededFuture(
                          type == BlockLists.class ? BlockList.NOBODY : Roster.EMPTY);
                  default -> Future.succeededFuture();
                }));
  }

  public LiveAccount account() {
    LiveAccount[] account = new LiveAccount[1];
    accounts.run(JULIET, LiveAccount.Level.ROSTER, loaded -> account[0] = loaded);
    return account[0];
  }

  /** An available session on a stream. */
  public Session session(String resource, long stream) {
    Session session =
        new Session(
            JULIET.withResource(resource), 100, Given.CONNECTOR, stream, "192.0.2.1", clock.now);
    session.watch(records::changed);
    accounts.add(account(), session);
    session.available(Stanza.of(StanzaType.PRESENCE_AVAILABLE, session.jid(), null, null), 0);
    return session;
  }

  /** The same under stream management. */
  public Session managed(String resource, long stream) {
    Session session = session(resource, stream);
    session.outbox(new Outbox("id-" + resource, true, 300, 0));
    return session;
  }

  public static Stanza message(String id) {
    return Stanza.of(
        StanzaType.MESSAGE_CHAT, Given.ROMEO, JULIET, id, Element.of("jabber:client", "body"));
  }

  /** What was sent to clients since the last call, by the ids of the stanzas. */
  public List<String> delivered() {
    return taken(ToConnector.ToClient.class).stream().map(m -> m.stanza().id()).toList();
  }

  /** What was routed since the last call. */
  public List<Stanza> routed() {
    return taken(ToRouter.Routed.class).stream().map(ToRouter.Routed::stanza).toList();
  }

  /** What was sent since the last call, of one kind. */
  public <T extends WireMessage> List<T> taken(Class<T> type) {
    return bus.taken().stream()
        .map(RecordedBus.Sent::message)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }
}
