package io.rookery.router.register;

import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.RouterConfig;
import io.rookery.router.account.Credentials;
import io.rookery.router.client.SessionClient;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.rookery.router.form.Field;
import io.rookery.router.form.Form;
import io.rookery.router.form.Submission;
import io.rookery.router.invitation.ContactApproval;
import io.rookery.router.invitation.InvitedRegistration;
import io.rookery.router.sasl.Password;
import io.vertx.core.Future;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** XEP-0077: In-Band Registration: new accounts, change of password, removal of the account. */
public final class Registration implements Extension {
  public static final String NS = "jabber:iq:register";

  private static final String INSTRUCTIONS = "Choose a user name and a password.";

  private static final String TAKEN = "The user name is taken.";

  /** The same fields again, for clients that know only forms (section 4). */
  private static final Form FORM =
      new Form(
          NS,
          "Registration",
          INSTRUCTIONS,
          List.of(
              Field.required("username", Field.Kind.LINE, "User name"),
              Field.required("password", Field.Kind.SECRET, "Password")));

  private final Credentials credentials;
  private final InvitedRegistration invited;
  private final RegistrationLimit limit;
  private final RegistrationLimit shown;
  private final RouterConfig.Registration config;
  private final Consumer<Jid> passwordChanged;
  private final Set<String> withoutAccounts;

  /**
   * @param limit of accounts
   * @param shown limit of invitations that are shown
   * @param passwordChanged learns of accounts whose user has changed the password
   * @param withoutAccounts domains where nobody can register
   */
  public Registration(
      Credentials credentials,
      InvitedRegistration invited,
      RegistrationLimit limit,
      RegistrationLimit shown,
      RouterConfig.Registration config,
      Consumer<Jid> passwordChanged,
      Set<String> withoutAccounts) {
    this.credentials = credentials;
    this.invited = invited;
    this.limit = limit;
    this.shown = shown;
    this.config = config;
    this.passwordChanged = passwordChanged;
    this.withoutAccounts = Set.copyOf(withoutAccounts);
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
   * @param token of the invitation that was accepted before, or null
   */
  public Future<IqReply> anonymous(String domain, Stanza iq, String peer, String token) {
    if (iq.payload().childCount() != 1 || iq.id() == null) {
      return error(Condition.BAD_REQUEST);
    }
    if (withoutAccounts.contains(domain)) {
      return error(Condition.SERVICE_UNAVAILABLE);
    }
    if (iq.type() == StanzaType.IQ_SET && iq.payload().has(ContactApproval.NS, "preauth")) {
      return shown.tryAcquire(peer) ? invited.check(domain, token(iq)) : tooMany();
    }
    Element query = iq.payload().element(NS, "query");
    if (query == null) {
      return error(Condition.BAD_REQUEST);
    }
    if (!config.enabled() && token == null) {
      return error(Condition.SERVICE_UNAVAILABLE);
    }
    return iq.type() == StanzaType.IQ_GET
        ? form(domain, token)
        : register(domain, query, peer, token);
  }

  private static String token(Stanza iq) {
    return iq.payload().element(ContactApproval.NS, "preauth").attribute("token");
  }

  private static Future<IqReply> error(Condition condition) {
    return Future.succeededFuture(IqReply.error(condition));
  }

  private static Future<IqReply> tooMany() {
    return Future.succeededFuture(
        IqReply.error(
            StanzaError.of(
                Condition.RESOURCE_CONSTRAINT, "Too many registrations from your address")));
  }

  private Future<IqReply> form(String domain, String token) {
    return token == null
        ? Future.succeededFuture(IqReply.result(form("")))
        : invited.username(domain, token).map(username -> IqReply.result(form(username)));
  }

  private static Element form(String username) {
    return Element.of(NS, "query")
        .with(Element.of(NS, "instructions", INSTRUCTIONS))
        .with(Element.of(NS, "username", username))
        .with(Element.of(NS, "password"))
        .with(FORM.element(Map.of("username", username)));
  }

  private Future<IqReply> register(String domain, Element query, String peer, String token) {
    Jid jid;
    Optional<Password> password;
    try {
      jid = Jid.of(orEmpty(value(query, "username")), domain, null);
      password = Password.of(orEmpty(value(query, "password")));
    } catch (InvalidJidException e) {
      return error(Condition.NOT_ACCEPTABLE);
    }
    if (jid.isDomain() || password.isEmpty()) {
      return error(Condition.NOT_ACCEPTABLE);
    }
    if (!limit.tryAcquire(peer)) {
      return tooMany();
    }
    return token == null
        ? register(jid, password.get())
        : invited.register(jid, token, () -> credentials.create(jid, password.get()));
  }

  private Future<IqReply> register(Jid jid, Password password) {
    return invited
        .isReserved(jid)
        .compose(
            reserved ->
                reserved ? Future.succeededFuture(false) : credentials.create(jid, password))
        .map(
            created ->
                created
                    ? IqReply.result()
                    : IqReply.error(StanzaError.of(Condition.CONFLICT, TAKEN)));
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
    String username = value(request.query(), "username");
    String password = value(request.query(), "password");
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
    return credentials
        .change(session.bare(), password)
        .map(
            done -> {
              if (!done) {
                return IqReply.error(Condition.ITEM_NOT_FOUND);
              }
              passwordChanged.accept(session.bare());
              return IqReply.result().with(SessionClient.chosePassword(session));
            });
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }

  /** Null when it is missing, or the form is filled in wrongly. */
  private static String value(Element query, String name) {
    Element x = query.child(Form.NS, "x");
    if (x != null) {
      Submission submission = FORM.read(x);
      return submission == null ? null : submission.one(name);
    }
    Element child = query.child(NS, name);
    return child == null ? null : child.text();
  }
}
