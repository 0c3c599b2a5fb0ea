package io.rookery.router.login;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.rookery.cluster.Bus;
import io.rookery.protocol.Namespaces;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.sasl.Mechanism;
import io.rookery.protocol.sasl.SaslOffer;
import io.rookery.protocol.sasl.UpgradeTask;
import io.rookery.protocol.wire.IssuedToken;
import io.rookery.protocol.wire.LoginRequest;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.xml.Element;
import io.rookery.router.RouterConfig;
import io.rookery.router.sasl.KeyUpgrade;
import io.rookery.router.sasl.SaslCondition;
import io.rookery.router.sasl.SaslServer;
import io.rookery.router.sasl.SaslStep;
import io.rookery.router.session.Stores;
import io.rookery.storage.account.Account;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The SASL exchanges of one loop (RFC 6120, section 6; XEP-0388). Any router can do one; the
 * connector stays with the loop it chose until the exchange is over.
 */
public final class Authentication {
  private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);

  /** Who is refused should not come back together with all others. */
  private static final int RETRY_SECONDS = 5;

  private record Key(LoopAddress connector, long stream) {}

  /**
   * One login from its beginning.
   *
   * @param account whose it is, once it has been looked up
   * @param pastTasks the tasks for after the exchange have been begun
   */
  private record Attempt(
      Key key, ToRouter.SaslStart start, Optional<Account> account, boolean pastTasks) {

    Attempt of(Optional<Account> found) {
      return new Attempt(key, start, found, pastTasks);
    }

    Attempt withTasks() {
      return new Attempt(key, start, account, true);
    }

    /** By XEP-0480: what is asked for, and has not been begun. */
    List<UpgradeTask> upgrades() {
      return pastTasks || start.request() == null
          ? List.of()
          : KeyUpgrade.due(account.orElseThrow(), start.request().upgrades());
    }

    String peer() {
      return start.peer();
    }
  }

  /**
   * @param waiting the step that goes on with what the client sends
   */
  private record Exchange(SaslStep waiting, Attempt attempt) {}

  private final Bus bus;
  private final Stores stores;
  private final SaslServer sasl;
  private final PasswordWork passwords;
  private final Admission admission;
  private final TokenLogin tokenLogin;
  private final RouterConfig.Anonymous anonymous;
  private final Predicate<String> mayBeAnonymous;
  private final Function<String, byte[]> features;
  private final KeyUpgrade upgrade;
  private final MeterRegistry meters;
  private final Map<Key, Exchange> exchanges;

  /**
   * @param mayBeAnonymous counts logins without an account by the client's network address, and
   *     says whether there may be one more
   * @param features XML for the features of streams that have logged in, by domain
   * @param maxExchanges waiting for a response at a time; beyond it the oldest is given up
   */
  public Authentication(
      Bus bus,
      Stores stores,
      SaslServer sasl,
      PasswordWork passwords,
      Admission admission,
      TokenLogin tokenLogin,
      RouterConfig.Anonymous anonymous,
      Predicate<String> mayBeAnonymous,
      Function<String, byte[]> features,
      KeyUpgrade upgrade,
      int maxExchanges,
      MeterRegistry meters) {
    this.bus = bus;
    this.stores = stores;
    this.sasl = sasl;
    this.passwords = passwords;
    this.admission = admission;
    this.tokenLogin = tokenLogin;
    this.anonymous = anonymous;
    this.mayBeAnonymous = mayBeAnonymous;
    this.features = features;
    this.upgrade = upgrade;
    this.meters = meters;
    this.exchanges =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Key, Exchange> eldest) {
            return size() > maxExchanges;
          }
        };
  }

  public void start(LoopAddress from, ToRouter.SaslStart start) {
    boolean guests = anonymous.domains().contains(start.domain());
    SaslOffer offer = SaslOffer.of(start.encrypted(), start.bindings(), Mechanism.of(guests));
    Attempt attempt = new Attempt(new Key(from, start.stream()), start, Optional.empty(), false);
    if (start.request() != null && start.request().byToken() && !guests) {
      tokenLogin
          .run(start, offer)
          .onSuccess(outcome -> ended(attempt, outcome))
          .onFailure(failure -> technicalFailure(attempt, failure));
    } else {
      proceed(attempt, sasl.start(start.mechanism(), offer, start.domain(), start.initial()));
    }
  }

  private void ended(Attempt attempt, TokenLogin.Outcome outcome) {
    if (outcome.step() instanceof SaslStep.Success success) {
      succeeded(attempt, success, outcome.issued());
    } else {
      proceed(attempt, outcome.step());
    }
  }

  public void respond(LoopAddress from, ToRouter.SaslResponse response) {
    goOn(
        new Key(from, response.stream()),
        SaslStep.Challenge.class,
        challenge -> challenge.then().apply(response.response()));
  }

  public void next(LoopAddress from, ToRouter.SaslNext next) {
    goOn(
        new Key(from, next.stream()),
        SaslStep.Continue.class,
        offered -> offered.then().apply(next.task()));
  }

  public void taskResponse(LoopAddress from, ToRouter.SaslTaskResponse response) {
    byte[] data = response.data();
    Element element = data == null ? null : Element.parse(data, 0, data.length, Namespaces.CLIENT);
    goOn(
        new Key(from, response.stream()),
        SaslStep.TaskData.class,
        task -> task.then().apply(element));
  }

  private <T extends SaslStep> void goOn(Key key, Class<T> step, Function<T, SaslStep> then) {
    Exchange exchange = exchanges.remove(key);
    if (exchange == null || !step.isInstance(exchange.waiting())) {
      fail(key, "", SaslCondition.TEMPORARY_AUTH_FAILURE, "the exchange is not known here");
    } else {
      proceed(exchange.attempt(), then.apply(step.cast(exchange.waiting())));
    }
  }

  public void abort(LoopAddress from, ToRouter.SaslAbort abort) {
    exchanges.remove(new Key(from, abort.stream()));
  }

  /** The connectors of a node that left wait for nothing any more. */
  public void nodeLeft(String node) {
    exchanges.keySet().removeIf(key -> key.connector().node().equals(node));
  }

  private void proceed(Attempt attempt, SaslStep step) {
    Key key = attempt.key();
    if (step instanceof SaslStep.Challenge challenge) {
      exchanges.put(key, new Exchange(challenge, attempt));
      bus.send(key.connector(), new ToConnector.SaslChallenge(key.stream(), challenge.data()));
    } else if (step instanceof SaslStep.Continue offered) {
      exchanges.put(key, new Exchange(offered, attempt));
      bus.send(
          key.connector(),
          new ToConnector.SaslContinue(key.stream(), offered.additionalData(), offered.task()));
    } else if (step instanceof SaslStep.TaskData task) {
      exchanges.put(key, new Exchange(task, attempt));
      bus.send(key.connector(), new ToConnector.SaslTask(key.stream(), task.data().toBytes()));
    } else if (step instanceof SaslStep.AddKeys add) {
      addKeys(attempt, add);
    } else if (step instanceof SaslStep.NeedAccount need) {
      admission
          .admit(() -> stores.accounts().find(need.account()))
          .onSuccess(found -> proceed(attempt.of(found), need.then().apply(found)))
          .onFailure(failure -> technicalFailure(attempt, failure));
    } else if (step instanceof SaslStep.VerifyPassword verify) {
      passwords
          .run(verify.check()::get)
          .onSuccess(next -> proceed(attempt, next))
          .onFailure(failure -> technicalFailure(attempt, failure));
    } else if (step instanceof SaslStep.Success success) {
      succeed(attempt, success);
    } else if (step instanceof SaslStep.Assigned assigned) {
      assigned(attempt, assigned.account());
    } else if (step instanceof SaslStep.Failure failure) {
      fail(key, attempt.peer(), failure.condition(), failure.text());
    }
  }

  private void addKeys(Attempt attempt, SaslStep.AddKeys add) {
    Account after = add.after();
    stores
        .accounts()
        .addKeys(add.account(), add.keys())
        .compose(
            added ->
                added
                    ? tokenLogin.rekey(add.account(), after).map(after)
                    : Future.<Account>succeededFuture())
        .onSuccess(
            now ->
                proceed(
                    now == null ? attempt : attempt.of(Optional.of(now)), add.then().apply(now)))
        .onFailure(failure -> technicalFailure(attempt, failure));
  }

  /**
   * Whoever the stream's header says the client is, it has shown nothing, and is told who it is
   * now. Its network address is all there is to limit.
   */
  private void assigned(Attempt attempt, Jid account) {
    if (mayBeAnonymous.test(attempt.peer())) {
      succeeded(attempt, new SaslStep.Success(account, null), null);
    } else {
      String text = "too many anonymous logins from your address";
      fail(attempt.key(), attempt.peer(), SaslCondition.TEMPORARY_AUTH_FAILURE, text);
    }
  }

  private void succeed(Attempt attempt, SaslStep.Success success) {
    Key key = attempt.key();
    LoginRequest request = attempt.start().request();
    Account account = attempt.account().orElseThrow();
    if (account.disabled()) { // only who knows the password learns it
      fail(key, attempt.peer(), SaslCondition.ACCOUNT_DISABLED, null);
      return;
    }
    if (request != null && !isFor(success.account(), request.from())) {
      String text = "the stream is for another account";
      fail(key, attempt.peer(), SaslCondition.INVALID_AUTHZID, text);
      return;
    }
    List<UpgradeTask> upgrades = attempt.upgrades();
    if (!upgrades.isEmpty()) {
      proceed(attempt.withTasks(), upgrade.begin(success, account, upgrades));
      return;
    }
    tokenLogin
        .afterPassword(attempt.start(), account)
        .onSuccess(issued -> succeeded(attempt, success, issued))
        .onFailure(failure -> technicalFailure(attempt, failure));
  }

  private void succeeded(Attempt attempt, SaslStep.Success success, IssuedToken issued) {
    Key key = attempt.key();
    count("success");
    bus.send(
        key.connector(),
        new ToConnector.SaslSuccess(
            key.stream(),
            success.account(),
            success.additionalData(),
            issued,
            features.apply(success.account().domain())));
  }

  /** XEP-0388, section 2.3: what the stream's header says and what was authenticated. */
  private static boolean isFor(Jid account, String claimed) {
    return claimed == null || claimed.equals(account.toString());
  }

  private void technicalFailure(Attempt attempt, Throwable failure) {
    Key key = attempt.key();
    if (failure instanceof Admission.OverloadedException) {
      int seconds = RETRY_SECONDS + ThreadLocalRandom.current().nextInt(2 * RETRY_SECONDS);
      String hint = "too many log in now, try again in " + seconds + " seconds";
      fail(key, attempt.peer(), SaslCondition.TEMPORARY_AUTH_FAILURE, hint);
      return;
    }
    LOG.warn("login of stream {} could not be checked: {}", key.stream(), failure.toString());
    fail(key, attempt.peer(), SaslCondition.TEMPORARY_AUTH_FAILURE, null);
  }

  private void fail(Key key, String peer, SaslCondition condition, String text) {
    count(condition.xmlName());
    String reason = text == null ? condition.xmlName() : condition.xmlName() + ", " + text;
    LOG.info("login refused: {} from {}, stream {}", reason, peer, key.stream());
    bus.send(key.connector(), new ToConnector.SaslFailure(key.stream(), condition.xmlName(), text));
  }

  private void count(String outcome) {
    Counter.builder("rookery.logins")
        .description("SASL exchanges by outcome")
        .tag("outcome", outcome)
        .register(meters)
        .increment();
  }
}
