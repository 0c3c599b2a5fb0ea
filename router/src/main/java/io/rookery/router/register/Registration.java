package io.rookery.router.register;

import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.RouterConfig;
import io.rookery.router.client.SessionClient;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.rookery.router.login.PasswordWork;
import io.rookery.router.sasl.Password;
import io.rookery.router.sasl.PasswordKeys;
import io.rookery.storage.account.Account;
import io.rookery.storage.account.Accounts;
import io.rookery.storage.account.ScramKeys;
import io.rookery.storage.token.LoginTokens;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** XEP-0077: In-Band Registration: new accounts, change of password, removal of the account. */
public final class Registration implements Extension {
  public static final String NS = "jabber:iq:register";

  private static final Logger LOG = LoggerFactory.getLogger(Registration.class);

  private final Accounts accounts;
  private final LoginTokens tokens;
  private final PasswordKeys keys;
  private final PasswordWork work;
  private final RegistrationLimit limit;
  private final RouterConfig config;
  private final Clock clock;

  public Registration(
      Accounts accounts,
      LoginTokens tokens,
      PasswordKeys keys,
      PasswordWork work,
      RegistrationLimit limit,
      RouterConfig config,
      Clock clock) {
    this.accounts = accounts;
    this.tokens = tokens;
    this.keys = keys;
    this.work = work;
    this.limit = limit;
    this.config = config;
    this.clock = clock;
  }

  @Override
  public Manifest manifest() {
    EnumSet<IqTarget> targets = EnumSet.of(IqTarget.SERVER, IqTarget.OWN_ACCOUNT);
    return Manifest.of(77, "2.4", "In-Band Registration")
        .serverFeature(NS)
        .iq(StanzaType.IQ_GET, NS, "query", targets, this::describe)
        .iq(StanzaType.IQ_SET, NS, "query", targets, this::change);
  }

  /**
   * A request of a stream that is not authenticated.
   *
   * @param domain the stream was opened to
   * @param peer the client's network address, for the limit
   */
  public Future<IqReply> anonymous(String domain, Stanza iq, String peer) {
    Element query = iq.payload().element(NS, "query");
    if (iq.payload().childCount() != 1 || query == null || iq.id() == null) {
      return Future.succeededFuture(IqReply.error(Condition.BAD_REQUEST));
    }
    if (!config.registration().enabled()) {
      return Future.succeededFuture(IqReply.error(Condition.SERVICE_UNAVAILABLE));
    }
    return iq.type() == StanzaType.IQ_GET
        ? Future.succeededFuture(IqReply.result(form()))
        : register(domain, query, peer);
  }

  private static Element form() {
    return Element.of(NS, "query")
        .with(Element.of(NS, "instructions", "Choose a user name and a password."))
        .with(Element.of(NS, "username"))
        .with(Element.of(NS, "password"));
  }

  private Future<IqReply> register(String domain, Element query, String peer) {
    Jid jid;
    Optional<Password> password;
    try {
      jid = Jid.of(orEmpty(childText(query, "username")), domain, null);
      password = Password.of(orEmpty(childText(query, "password")));
    } catch (InvalidJidException e) {
      return Future.succeededFuture(IqReply.error(Condition.NOT_ACCEPTABLE));
    }
    if (jid.isDomain() || password.isEmpty()) {
      return Future.succeededFuture(IqReply.error(Condition.NOT_ACCEPTABLE));
    }
    if (!limit.tryAcquire(peer)) {
      return Future.succeededFuture(
          IqReply.error(
              StanzaError.of(
                  Condition.RESOURCE_CONSTRAINT, "Too many registrations from your address")));
    }
    return accounts
        .find(jid)
        .compose(
            found ->
                found.isPresent()
                    ? Future.succeededFuture(false)
                    : work.run(() -> keys.derive(password.get()))
                        .compose(
                            derived -> accounts.create(new Account(jid, derived, clock.instant()))))
        .map(created -> created ? IqReply.result() : IqReply.error(Condition.CONFLICT));
  }

  private Future<IqReply> describe(IqRequest request) {
    Element query =
        Element.of(NS, "query")
            .with(Element.of(NS, "registered"))
            .with(Element.of(NS, "username", request.from().local()))
            .with(Element.of(NS, "password"));
    return Future.succeededFuture(IqReply.result(query));
  }

  private Future<IqReply> change(IqRequest request) {
    Jid user = request.from().bare();
    if (request.query().child(NS, "remove") != null) {
      return request.query().children().size() == 1
          ? Future.succeededFuture(IqReply.result().with(new Effect.RemoveAccount(user)))
          : Future.succeededFuture(IqReply.error(Condition.BAD_REQUEST)); // section 3.2.1
    }
    String username = childText(request.query(), "username");
    String password = childText(request.query(), "password");
    if (password == null || username == null) {
      return Future.succeededFuture(IqReply.error(Condition.BAD_REQUEST));
    }
    Optional<Password> prepared = Password.of(password);
    if (prepared.isEmpty()) {
      return Future.succeededFuture(IqReply.error(Condition.NOT_ACCEPTABLE));
    }
    if (!isOwn(user, username)) {
      return Future.succeededFuture(IqReply.error(Condition.NOT_ALLOWED));
    }
    return changePassword(request.from(), prepared.get());
  }

  private static boolean isOwn(Jid user, String username) {
    try {
      return Jid.of(username, user.domain(), null).equals(user);
    } catch (InvalidJidException e) {
      return false;
    }
  }

  private Future<IqReply> changePassword(Jid session, Password password) {
    Jid user = session.bare();
    Future<Map<ScramKeys.Hash, ScramKeys>> derived = work.run(() -> keys.derive(password));
    return derived
        .compose(newKeys -> accounts.changeKeys(user, newKeys))
        .onSuccess(done -> forgetTokens(user))
        .map(
            done ->
                done
                    ? IqReply.result().with(SessionClient.chosePassword(session))
                    : IqReply.error(Condition.ITEM_NOT_FOUND));
  }

  /** They are void with the password they were made under, so this only tidies up. */
  private void forgetTokens(Jid user) {
    tokens
        .delete(user)
        .onFailure(e -> LOG.warn("tokens of {} were not removed: {}", user, e.toString()));
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }

  private static String childText(Element query, String name) {
    Element child = query.child(NS, name);
    return child == null ? null : child.text();
  }
}
