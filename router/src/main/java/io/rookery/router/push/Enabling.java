package io.rookery.router.push;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.router.client.SessionClient;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.SessionView;
import io.rookery.router.routing.Routes;
import io.rookery.router.session.LiveAccount;
import io.rookery.storage.push.PushProgress;
import io.rookery.storage.push.PushRegistration;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What a client says of where it wants its notifications (XEP-0357, sections 5 and 6). */
final class Enabling {
  /** Registrations of one user. */
  static final int MAX = 16;

  private final StoredRegistrations stored;
  private final Routes routes;
  private final Clock clock;

  Enabling(StoredRegistrations stored, Routes routes, Clock clock) {
    this.stored = stored;
    this.routes = routes;
    this.clock = clock;
  }

  Future<IqReply> enable(IqRequest request) {
    Command command = Command.of(request.query());
    if (command.wrong() != null) {
      return refuse(command.wrong());
    }
    LiveAccount account = (LiveAccount) request.account();
    if (!isService(account, command.service())) {
      return refuse(Condition.NOT_ACCEPTABLE);
    }
    return stored.of(account).compose(all -> enable(account, all, request.session(), command));
  }

  /** Users and this server itself take no notifications, and nobody would see their answers. */
  private boolean isService(LiveAccount account, Jid service) {
    return !service.bare().equals(account.jid()) && (service.isFull() || !routes.serves(service));
  }

  private Future<IqReply> enable(
      LiveAccount account, Registrations all, SessionView session, Command command) {
    String node = command.node() == null ? "" : command.node();
    Registration known = all.find(command.service(), node);
    if (known == null && all.size() >= MAX) {
      return refuse(Condition.RESOURCE_CONSTRAINT);
    }
    PushRegistration registration =
        new PushRegistration(
            command.service(),
            node,
            session.jid().resource(),
            session.get(SessionClient.ID),
            command.options(),
            known == null ? clock.instant().truncatedTo(ChronoUnit.MILLIS) : known.stored().since(),
            known == null ? PushProgress.NONE : known.progress().again());
    Registration one = known == null ? new Registration(registration) : known;
    if (known == null) {
      all.add(one);
    } else {
      known.replace(registration);
    }
    return stored.put(account, one).map(IqReply.result().with(enabled(session, true)));
  }

  Future<IqReply> disable(IqRequest request) {
    Command command = Command.of(request.query());
    if (command.wrong() != null) {
      return refuse(command.wrong());
    }
    LiveAccount account = (LiveAccount) request.account();
    return stored.of(account).compose(all -> disable(account, all, request.session(), command));
  }

  private Future<IqReply> disable(
      LiveAccount account, Registrations all, SessionView session, Command command) {
    List<Registration> meant =
        all.all().stream()
            .filter(one -> command.means(one.stored().service(), one.stored().node()))
            .toList();
    if (meant.isEmpty()) {
      return Future.succeededFuture(IqReply.result()); // it is as the client wants it
    }
    Future<Void> removed = stored.remove(account, meant);
    IqReply done = IqReply.result();
    return removed.map(all.mayBeAny() ? done : done.with(enabled(session, false)));
  }

  private static Effect enabled(SessionView session, boolean is) {
    return new Effect.SetState<>(session.jid(), PushNotifications.ENABLED, is);
  }

  static Future<IqReply> refuse(Condition condition) {
    return Future.succeededFuture(IqReply.error(condition));
  }
}
