package io.rookery.router.administration;

import io.rookery.cluster.Bus;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.router.routing.Routes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Asks owners for what only they know, and waits for their answers. On one loop. */
public final class Inquiries {
  /** An owner that lives answers at once; one that does not know the question never. */
  private static final long TIMEOUT_MILLIS = 5_000;

  private static final int MAX_WAITING = 1_000;

  /** There is no answer, or there will be none in time. */
  static final class NoAnswerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoAnswerException(LoopAddress whose) {
      super("no answer of " + whose, null, false, false);
    }
  }

  private final Bus bus;
  private final Routes routes;
  private final Vertx vertx;
  private final Map<Long, Promise<ToRouter.Told>> waiting = new HashMap<>();
  private long lastTicket;

  public Inquiries(Bus bus, Routes routes, Vertx vertx) {
    this.bus = bus;
    this.routes = routes;
    this.vertx = vertx;
  }

  /**
   * What the account's owner knows of it.
   *
   * @param end as in {@link ToRouter.AccountWanted}
   * @return fails with {@link NoAnswerException}
   */
  Future<ToRouter.Told> account(Jid account, String end) {
    long ticket = ++lastTicket;
    return ask(routes.ownerOf(account), ticket, new ToRouter.AccountWanted(account, ticket, end));
  }

  /**
   * How many accounts of a domain are online.
   *
   * @return fails with {@link NoAnswerException} when one loop does not answer
   */
  Future<Long> online(String domain) {
    List<Future<ToRouter.Told>> all = new ArrayList<>();
    for (LoopAddress owner : routes.owners()) {
      long ticket = ++lastTicket;
      all.add(ask(owner, ticket, new ToRouter.OnlineWanted(ticket, domain)));
    }
    return Future.all(all).map(v -> all.stream().mapToLong(told -> told.result().number()).sum());
  }

  /** Has a message handed to everybody who is online. */
  void announce(ToRouter.Announced announced) {
    routes.owners().forEach(owner -> bus.send(owner, announced));
  }

  /** Tells the account's owner something; false when nobody owns it now. */
  boolean tell(ToRouter message) {
    LoopAddress owner = routes.ownerOf(message.about());
    if (owner != null) {
      bus.send(owner, message);
    }
    return owner != null;
  }

  private Future<ToRouter.Told> ask(LoopAddress whom, long ticket, ToRouter question) {
    if (whom == null || waiting.size() >= MAX_WAITING) {
      return Future.failedFuture(new NoAnswerException(whom));
    }
    Promise<ToRouter.Told> answer = Promise.promise();
    waiting.put(ticket, answer); // first: an owner on this loop answers before send returns
    bus.send(whom, question);
    long timer =
        vertx.setTimer(
            TIMEOUT_MILLIS,
            id -> {
              waiting.remove(ticket);
              answer.tryFail(new NoAnswerException(whom));
            });
    return answer.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  /** An answer has come; too late ones are for nobody. */
  public void told(ToRouter.Told message) {
    Promise<ToRouter.Told> answer = waiting.remove(message.ticket());
    if (answer != null) {
      answer.complete(message);
    }
  }
}
