package io.rookery.router.login;

import io.rookery.cluster.Bus;
import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stream.StreamError;
import io.rookery.protocol.wire.BindRequest;
import io.rookery.protocol.wire.BindResult;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.xml.Element;
import io.rookery.protocol.xml.XmlWriter;
import io.rookery.router.RouterConfig;
import io.rookery.router.archive.ArchiveEnds;
import io.rookery.router.client.ClientRecords;
import io.rookery.router.client.SessionClient;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.LiveAccount.Level;
import io.rookery.router.session.LiveAccounts;
import io.rookery.router.session.Outbox;
import io.rookery.router.session.Records;
import io.rookery.router.session.Session;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Resource binding (RFC 6120, section 7; XEP-0386) at the account's owner. */
public final class Binding {
  private static final Logger LOG = LoggerFactory.getLogger(Binding.class);

  private final Bus bus;
  private final LiveAccounts accounts;
  private final SessionEnd sessionEnd;
  private final Resumption resumption;
  private final InlineFeatures inlineFeatures;
  private final ArchiveEnds archiveEnds;
  private final ClientRecords clientRecords;
  private final RouterConfig config;
  private final Supplier<String> ids;
  private final Admission admission;
  private final Records records;
  private final Clock clock;
  private final SecureRandom random;

  /**
   * @param ids for resources that the server makes: hard to guess
   */
  public Binding(
      Bus bus,
      LiveAccounts accounts,
      SessionEnd sessionEnd,
      Resumption resumption,
      InlineFeatures inlineFeatures,
      ArchiveEnds archiveEnds,
      ClientRecords clientRecords,
      RouterConfig config,
      Supplier<String> ids,
      Admission admission,
      Records records,
      Clock clock,
      SecureRandom random) {
    this.bus = bus;
    this.accounts = accounts;
    this.sessionEnd = sessionEnd;
    this.resumption = resumption;
    this.inlineFeatures = inlineFeatures;
    this.archiveEnds = archiveEnds;
    this.clientRecords = clientRecords;
    this.config = config;
    this.ids = ids;
    this.admission = admission;
    this.records = records;
    this.clock = clock;
    this.random = random;
  }

  /** Binds once the account and its roster are in memory, and the ends of its archive known. */
  public void bind(LoopAddress from, ToRouter.Bind bind) {
    accounts
        .isWelcome(bind.account(), tokenClient(bind))
        .onSuccess(
            welcome -> {
              if (welcome) {
                enter(from, bind);
              } else {
                refuse(from, bind, StanzaError.Condition.NOT_ALLOWED); // since it logged in
              }
            })
        .onFailure(failure -> notBound(from, bind, failure));
  }

  /** Null unless the login was one with a token. */
  private static String tokenClient(ToRouter.Bind bind) {
    BindRequest inline = bind.inline();
    boolean byToken =
        inline != null && inline.description() != null && inline.description().byToken();
    return byToken ? inline.client() : null;
  }

  private void enter(LoopAddress from, ToRouter.Bind bind) {
    accounts.authenticated(bind.account());
    if (accounts.ready(bind.account()) != null && !tellsEnds(bind)) {
      accounts.run(bind.account(), Level.ROSTER, account -> bind(account, from, bind, null));
      return;
    }
    admission.admit(() -> read(bind, from)).onFailure(failure -> notBound(from, bind, failure));
  }

  private void notBound(LoopAddress from, ToRouter.Bind bind, Throwable failure) {
    if (!(failure instanceof Admission.OverloadedException)) {
      LOG.warn("no session for {}: {}", bind.account(), failure.toString());
    }
    refuse(from, bind, StanzaError.Condition.RESOURCE_CONSTRAINT);
  }

  private boolean tellsEnds(ToRouter.Bind bind) {
    return bind.inline() != null && archiveEnds.has(bind.account());
  }

  private Future<Void> read(ToRouter.Bind bind, LoopAddress from) {
    Promise<Void> done = Promise.promise();
    accounts.authenticated(bind.account()); // once more: it may have been idle meanwhile
    ArchiveEnds.Reading early =
        tellsEnds(bind) ? archiveEnds.read(accounts.active(bind.account())) : null;
    boolean accepted =
        accounts.run(
            bind.account(),
            Level.ROSTER,
            account -> {
              if (early == null) {
                done.complete();
                bind(account, from, bind, null);
              } else {
                bindWithEnds(account, from, bind, early).onComplete(done);
              }
            });
    return accepted ? done.future() : Future.failedFuture("too much waits for the account");
  }

  /**
   * The client is told of the archive as it is when the session begins: in between, nothing is done
   * for the account, and what has been done since the reading began makes it void.
   */
  private Future<Void> bindWithEnds(
      LiveAccount account, LoopAddress from, ToRouter.Bind bind, ArchiveEnds.Reading early) {
    ArchiveEnds.Reading reading = early.holds(account) ? early : archiveEnds.read(account);
    Future<Void> bound =
        reading
            .metadata()
            .recover(failure -> unknown(account, failure))
            .map(
                metadata -> {
                  bind(account, from, bind, metadata);
                  return null;
                });
    if (!bound.isComplete()) {
      accounts.hold(account, "the ends of the archive", bound);
    }
    return bound;
  }

  /** The client can still ask for them. */
  private static Future<Element> unknown(LiveAccount account, Throwable failure) {
    LOG.warn("the ends of the archive of {} are unknown: {}", account.jid(), failure.toString());
    return Future.succeededFuture();
  }

  /**
   * Asks once more, as the client may have been turned out while the account was loaded: whoever is
   * turned out from now on is so with a session.
   *
   * @param metadata of the archive, null for none
   */
  private void bind(LiveAccount account, LoopAddress from, ToRouter.Bind bind, Element metadata) {
    Future<Void> done =
        accounts
            .isWelcome(bind.account(), tokenClient(bind))
            .<Void>map(
                welcome -> {
                  if (welcome) {
                    begin(account, from, bind, metadata);
                  } else {
                    refuse(from, bind, StanzaError.Condition.NOT_ALLOWED);
                  }
                  return null;
                })
            .onFailure(failure -> notBound(from, bind, failure));
    if (!done.isComplete()) {
      accounts.hold(account, "a login", done);
    }
  }

  private void begin(LiveAccount account, LoopAddress from, ToRouter.Bind bind, Element metadata) {
    if (!account.exists()) {
      refuse(from, bind, StanzaError.Condition.NOT_ALLOWED); // removed since it logged in
      return;
    }
    Jid jid = address(account, bind);
    if (jid == null) {
      refuse(from, bind, StanzaError.Condition.BAD_REQUEST);
      return;
    }
    Session holder = account.session(jid.resource());
    if (holder != null) {
      if (holder.isConnected()
          && config.resourceConflict() == RouterConfig.ResourceConflict.REFUSE) {
        refuse(from, bind, StanzaError.Condition.CONFLICT);
        return;
      }
      sessionEnd.close(account, holder, StreamError.of(StreamError.Condition.CONFLICT));
    }
    endEarlier(account, bind.inline());
    if (account.sessions().size() >= config.maxSessionsPerUser() && !makeRoom(account)) {
      refuse(from, bind, StanzaError.Condition.RESOURCE_CONSTRAINT);
      return;
    }
    long now = clock.millis();
    Session session = new Session(jid, random.nextLong(), from, bind.stream(), bind.peer(), now);
    session.position(account.nextMailboxId(now)); // what is in the log before is not for it
    session.watch(records::changed);
    add(account, session, from, bind.inline(), metadata);
  }

  private void add(
      LiveAccount account,
      Session session,
      LoopAddress from,
      BindRequest inline,
      Element metadata) {
    boolean managed = inline != null && inline.manage();
    if (managed) {
      resumption.manage(session, inline.resume(), inline.maxSeconds());
    }
    if (inline != null) {
      SessionClient.describe(session, inline);
    }
    accounts.add(account, session);
    records.changed(session);
    InlineFeatures.Negotiated features =
        inlineFeatures.negotiate(session, inline == null ? null : inline.features());
    BindResult result =
        inline == null ? null : result(session.outbox(), answers(metadata, features.answers()));
    bus.send(from, new ToConnector.Bound(session.stream(), session.jid(), result));
    inlineFeatures.perform(account, features);
    clientRecords.seen(account, session);
    if (managed) {
      resumption.managed(from, session);
    }
  }

  /** Null for none. */
  private static byte[] answers(Element metadata, byte[] features) {
    if (metadata == null) {
      return features;
    }
    XmlWriter answers = new XmlWriter();
    answers.raw(metadata.toBytes());
    if (features != null) {
      answers.raw(features);
    }
    return answers.toByteArray();
  }

  private static BindResult result(Outbox outbox, byte[] features) {
    return outbox == null
        ? new BindResult(false, null, 0, features)
        : new BindResult(
            true, outbox.isResumable() ? outbox.id() : null, outbox.maxSeconds(), features);
  }

  /** Null when the resource is none. A tag that makes none is left out. */
  private Jid address(LiveAccount account, ToRouter.Bind bind) {
    BindRequest inline = bind.inline();
    String made = ids.get();
    Jid tagged =
        inline == null || inline.tag() == null
            ? null
            : withResource(account, inline.tag() + '/' + made);
    if (tagged != null) {
      return tagged;
    }
    return withResource(account, bind.resource() == null ? made : bind.resource());
  }

  private static Jid withResource(LiveAccount account, String resource) {
    try {
      return account.jid().withResource(resource);
    } catch (InvalidJidException e) {
      return null;
    }
  }

  /** A client that begins a new session has no use for one it had before (section 3.2). */
  private void endEarlier(LiveAccount account, BindRequest inline) {
    if (inline != null && inline.client() != null) {
      for (Session session : List.copyOf(account.sessions())) {
        if (session.get(SessionClient.ID).equals(inline.client())) {
          sessionEnd.close(account, session, StreamError.of(StreamError.Condition.CONFLICT));
        }
      }
    }
  }

  /** Ends the session that has waited longest to be resumed; false when none waits. */
  private boolean makeRoom(LiveAccount account) {
    Optional<Session> longest =
        account.sessions().stream()
            .filter(session -> !session.isConnected())
            .min(Comparator.comparingLong(Session::waitsSince));
    longest.ifPresent(session -> sessionEnd.ended(account, session));
    return longest.isPresent();
  }

  private void refuse(LoopAddress from, ToRouter.Bind bind, StanzaError.Condition condition) {
    bus.send(from, new ToConnector.BindRefused(bind.stream(), StanzaError.of(condition)));
  }
}
