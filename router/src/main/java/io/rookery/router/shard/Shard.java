package io.rookery.router.shard;

import io.rookery.cluster.Bus;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.RouterInbox;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.router.account.AccountRemoval;
import io.rookery.router.administration.Inquiries;
import io.rookery.router.administration.Reports;
import io.rookery.router.delivery.Delivery;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.IqReply;
import io.rookery.router.login.Authentication;
import io.rookery.router.login.Binding;
import io.rookery.router.login.Resumption;
import io.rookery.router.login.SessionEnd;
import io.rookery.router.mailbox.OfflineMessages;
import io.rookery.router.presence.Presences;
import io.rookery.router.register.Registration;
import io.rookery.router.routing.Routes;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.LiveAccount.Level;
import io.rookery.router.session.LiveAccounts;
import io.rookery.router.session.Session;
import io.rookery.storage.StorageOverloadedException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * One event loop's share of the router: the accounts it owns, and what other loops send for them.
 * Leads each message to the part that knows what to do.
 */
public final class Shard implements RouterInbox {
  private final Bus bus;
  private final Routes routes;
  private final LiveAccounts accounts;
  private final Authentication authentication;
  private final Binding binding;
  private final SessionEnd sessionEnd;
  private final Registration registration;
  private final AccountRemoval removal;
  private final Delivery delivery;
  private final ShardMetrics metrics;
  private final OfflineMessages offline;
  private final Resumption resumption;
  private final Tenure tenure;
  private final Elsewhere elsewhere;
  private final Adoption adoption;
  private final Takeover takeover;
  private final Presences presences;
  private final Inquiries inquiries;
  private final Reports reports;
  private final Intake intake;

  Shard(
      Bus bus,
      Routes routes,
      LiveAccounts accounts,
      Authentication authentication,
      Binding binding,
      SessionEnd sessionEnd,
      Registration registration,
      AccountRemoval removal,
      Delivery delivery,
      ShardMetrics metrics,
      OfflineMessages offline,
      Resumption resumption,
      Tenure tenure,
      Elsewhere elsewhere,
      Adoption adoption,
      Takeover takeover,
      Presences presences,
      Inquiries inquiries,
      Reports reports,
      Intake intake) {
    this.bus = bus;
    this.routes = routes;
    this.accounts = accounts;
    this.authentication = authentication;
    this.binding = binding;
    this.sessionEnd = sessionEnd;
    this.registration = registration;
    this.removal = removal;
    this.delivery = delivery;
    this.metrics = metrics;
    this.offline = offline;
    this.resumption = resumption;
    this.tenure = tenure;
    this.elsewhere = elsewhere;
    this.adoption = adoption;
    this.takeover = takeover;
    this.presences = presences;
    this.inquiries = inquiries;
    this.reports = reports;
    this.intake = intake;
    takeover.onProgress(this::retryHomeless);
  }

  /** Takes messages about accounts that this loop owns; others go to who does. */
  @Override
  public void receive(LoopAddress from, ToRouter message) {
    receive(from, message, 0);
  }

  private void receive(LoopAddress from, ToRouter message, long hops) {
    Jid about = message.about();
    if (about == null || takeover.admits(about) || adoption.awaits(from, message)) {
      message.deliver(from, this);
    } else {
      elsewhere.take(about, from, message, hops);
    }
  }

  @Override
  public void forwarded(ToRouter.Forwarded message) {
    if (message.message() != null) {
      receive(message.sender(), message.message(), message.hops());
    }
  }

  @Override
  public void saslStart(LoopAddress from, ToRouter.SaslStart message) {
    authentication.start(from, message);
  }

  @Override
  public void saslResponse(LoopAddress from, ToRouter.SaslResponse message) {
    authentication.respond(from, message);
  }

  @Override
  public void saslAbort(LoopAddress from, ToRouter.SaslAbort message) {
    authentication.abort(from, message);
  }

  @Override
  public void saslNext(LoopAddress from, ToRouter.SaslNext message) {
    authentication.next(from, message);
  }

  @Override
  public void saslTaskResponse(LoopAddress from, ToRouter.SaslTaskResponse message) {
    authentication.taskResponse(from, message);
  }

  @Override
  public void bind(LoopAddress from, ToRouter.Bind message) {
    binding.bind(from, message);
  }

  @Override
  public void registration(LoopAddress from, ToRouter.Registration message) {
    registration
        .anonymous(message.domain(), message.iq(), message.peer(), message.invitation())
        .onFailure(metrics::failure)
        .otherwise(failure -> IqReply.error(condition(failure)))
        .onSuccess(reply -> answer(from, message, reply));
  }

  private static StanzaError.Condition condition(Throwable failure) {
    return failure instanceof StorageOverloadedException
        ? StanzaError.Condition.RESOURCE_CONSTRAINT
        : StanzaError.Condition.INTERNAL_SERVER_ERROR;
  }

  private void answer(LoopAddress from, ToRouter.Registration message, IqReply reply) {
    Stanza iq = message.iq().withTo(Jid.of(null, message.domain(), null));
    bus.send(from, new ToConnector.ToClient(message.stream(), reply.to(iq), 0, 0, false));
    for (Effect effect : reply.effects()) {
      if (effect instanceof Effect.Send send) { // all that a new account can want
        routes.route(send.stanza());
      }
    }
  }

  @Override
  public void fromClient(LoopAddress from, ToRouter.FromClient message) {
    intake.take(from, message);
  }

  @Override
  public void streamEnded(LoopAddress from, ToRouter.StreamEnded message) {
    if (adoption.awaits(from, message)) {
      return; // it comes once more
    }
    onSession(
        message.session(),
        from,
        message.stream(),
        (account, session) -> {
          if (message.orderly()) {
            accounts.run(account.jid(), Level.ROSTER, loaded -> leave(loaded, session));
          } else {
            resumption.disconnected(account, session);
          }
        });
  }

  private void leave(LiveAccount account, Session session) {
    sessionEnd.ended(account, session);
    if (session.isConnected()) {
      bus.send(session.connector(), new ToConnector.SessionEnded(session.stream()));
    }
  }

  /** Does something for the session of a stream, in its turn; nothing when there is none. */
  private void onSession(
      Jid jid, LoopAddress from, long stream, BiConsumer<LiveAccount, Session> action) {
    Jid user = jid.bare();
    if (accounts.active(user) == null) {
      return;
    }
    accounts.run(
        user,
        Level.NOTHING,
        account -> {
          Session session = account.session(jid.resource(), from, stream);
          if (session != null) {
            action.accept(account, session);
          }
        });
  }

  @Override
  public void enableAcks(LoopAddress from, ToRouter.EnableAcks message) {
    onSession(
        message.session(),
        from,
        message.stream(),
        (account, session) -> resumption.enable(from, message, session));
  }

  @Override
  public void clientAcked(LoopAddress from, ToRouter.ClientAcked message) {
    onSession(
        message.session(),
        from,
        message.stream(),
        (account, session) -> resumption.acknowledged(account, session, message.count()));
  }

  @Override
  public void ackWanted(LoopAddress from, ToRouter.AckWanted message) {
    onSession(
        message.session(),
        from,
        message.stream(),
        (account, session) -> {
          session.progress().wanted(message.counter());
          if (session.progress().isReportWanted()) {
            routes.report(session);
          }
        });
  }

  @Override
  public void clientState(LoopAddress from, ToRouter.ClientState message) {
    onSession(
        message.session(),
        from,
        message.stream(),
        (account, session) -> {
          if (session.takeHeldLost()) {
            accounts.run(account.jid(), Level.ROSTER, a -> presences.learnAgain(a, session));
          }
          if (message.active()) {
            routes.release(session);
            session.active();
          } else {
            session.inactive();
          }
        });
  }

  @Override
  public void resume(LoopAddress from, ToRouter.Resume message) {
    ToRouter.Resume meant = resumption.meant(message);
    if (!meant.account().equals(message.account())) {
      receive(from, meant, 0);
      return;
    }
    boolean accepted =
        accounts.run(
            message.account(), Level.NOTHING, account -> resumption.resume(account, from, message));
    if (!accepted) {
      bus.send(
          from,
          new ToConnector.ResumeRefused(
              message.stream(), StanzaError.Condition.RESOURCE_CONSTRAINT.xmlName(), -1));
    }
  }

  @Override
  public void streamState(LoopAddress from, ToRouter.StreamState message) {
    adoption.state(from, message);
  }

  @Override
  public void noStream(LoopAddress from, ToRouter.NoStream message) {
    adoption.noStream(from, message);
  }

  @Override
  public void claim(LoopAddress from, ToRouter.Claim message) {
    takeover.claimed(from, message);
  }

  @Override
  public void yielded(LoopAddress from, ToRouter.Yielded message) {
    takeover.yielded(from, message);
  }

  @Override
  public void routed(LoopAddress from, ToRouter.Routed message) {
    delivery.routed(from, message);
  }

  @Override
  public void fanout(LoopAddress from, ToRouter.Fanout message) {
    List<Jid> ours = new ArrayList<>(message.recipients().length);
    for (Jid recipient : message.recipients()) {
      if (tenure.isOurs(recipient)) {
        ours.add(recipient);
      } else {
        receive(from, new ToRouter.Routed(message.stanza().withTo(recipient), 0, 0, false));
      }
    }
    delivery.fanout(message.stanza(), ours);
  }

  @Override
  public void settled(LoopAddress from, ToRouter.Settled message) {
    routes.settled(message.ticket(), message.durable());
  }

  @Override
  public void accountRemoved(LoopAddress from, ToRouter.AccountRemoved message) {
    accounts.run(
        message.account(),
        Level.ROSTER,
        account -> removal.remove(account).onFailure(metrics::failure));
  }

  @Override
  public void accountWanted(LoopAddress from, ToRouter.AccountWanted message) {
    reports.account(from, message);
  }

  @Override
  public void onlineWanted(LoopAddress from, ToRouter.OnlineWanted message) {
    reports.online(from, message);
  }

  @Override
  public void told(ToRouter.Told message) {
    inquiries.told(message);
  }

  @Override
  public void announced(ToRouter.Announced message) {
    reports.announce(message.message());
  }

  /** To be called about once a second: what has been handled but not reported in a batch. */
  void reportProgress() {
    intake.report();
  }

  /** Owners have changed, or may have. */
  void ownersChanged() {
    routes.ownersChanged();
    takeover.ownersChanged();
  }

  /** What waited for an owner: it may be known by now. */
  void retryHomeless() {
    elsewhere.retry(this::receive);
  }

  /** To be called about once a second. */
  void checkWaiting() {
    resumption.check();
    ownersChanged(); // this node may be allowed to act again, which is no change of the table
  }

  /** To be called every few seconds: the log is told what clients have taken. */
  void moveCursors() {
    accounts.checkBlocked();
    for (LiveAccount account : accounts.active()) {
      if (account.takeCursorDue()) {
        offline.moveCursor(account);
      }
    }
  }

  /** A node is gone: the sessions of its connector wait or end, what it owed is asked of others. */
  void nodeLeft(String node) {
    authentication.nodeLeft(node);
    routes.nodeLeft(node);
    takeover.nodeLeft(node);
    for (LiveAccount account : List.copyOf(accounts.active())) {
      for (Session session : new ArrayList<>(account.sessions())) {
        if (session.isConnected() && session.connector().node().equals(node)) {
          accounts.run(account.jid(), Level.NOTHING, a -> disconnected(a, session, node));
        }
      }
    }
  }

  private void disconnected(LiveAccount account, Session session, String node) {
    if (session.isConnected()
        && session.connector().node().equals(node)
        && account.sessions().contains(session)) {
      resumption.disconnected(account, session);
    }
  }

  /** Sessions on this loop; asked by a metric from another thread, so only about right. */
  int sessions() {
    return accounts.sessions();
  }

  int waiting() {
    return resumption.waiting();
  }

  long held() {
    return routes.held();
  }

  long superseded() {
    return routes.superseded();
  }

  int underway() {
    return routes.underway();
  }
}
