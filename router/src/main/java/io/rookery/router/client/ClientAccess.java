package io.rookery.router.client;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.stream.StreamError;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.rookery.router.sasl.HashedToken;
import io.rookery.router.session.LiveAccount;
import io.rookery.storage.account.Account;
import io.rookery.storage.account.Accounts;
import io.rookery.storage.token.KnownClient;
import io.rookery.storage.token.LoginToken;
import io.rookery.storage.token.LoginTokens;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * XEP-0494: Client Access Management: who has access to an account, and taking it away. Only the
 * user may ask.
 *
 * <p>Revoking ends the client's sessions and takes its tokens. A client that has presented the
 * password may keep it and come back: then that much is done, the client stays in the list, and the
 * answer is the error that says what else has to be done (section 3.2).
 */
public final class ClientAccess implements Extension {
  static final String NS = "urn:xmpp:cam:0";

  private final Accounts accounts;
  private final LoginTokens tokens;
  private final boolean remembers;
  private final Clock clock;
  private final BiConsumer<LiveAccount, String> revoked;
  private final Consumer<Jid> turnedOut;

  /**
   * @param kept as in {@link ClientRecords}
   * @param revoked learns of the user agents whose access is taken
   * @param turnedOut learns of accounts when it has been: who is about to begin a session may have
   *     lost the right to
   */
  public ClientAccess(
      Accounts accounts,
      LoginTokens tokens,
      Duration kept,
      Clock clock,
      BiConsumer<LiveAccount, String> revoked,
      Consumer<Jid> turnedOut) {
    this.accounts = accounts;
    this.tokens = tokens;
    this.remembers = !kept.isZero();
    this.clock = clock;
    this.revoked = revoked;
    this.turnedOut = turnedOut;
  }

  @Override
  public Manifest manifest() {
    return Manifest.of(494, "0.1.0", "Client Access Management")
        .accountFeature(NS)
        .state(SessionClient.ID)
        .state(SessionClient.SOFTWARE)
        .state(SessionClient.DEVICE)
        .state(SessionClient.BY_TOKEN)
        .state(SessionClient.CHOSE_PASSWORD)
        .iq(StanzaType.IQ_GET, NS, "list", IqTarget.OWN_ACCOUNT, this::list)
        .iq(StanzaType.IQ_SET, NS, "revoke", IqTarget.OWN_ACCOUNT, this::revoke);
  }

  private Future<IqReply> list(IqRequest request) {
    return withClients(
        request,
        clients -> {
          List<Element> elements = clients.stream().map(ListedClient::toElement).toList();
          return Future.succeededFuture(IqReply.result(Element.of(NS, "clients").with(elements)));
        });
  }

  /** After all logins that are being remembered, and before any later one is. */
  private Future<IqReply> withClients(
      IqRequest request, Function<List<ListedClient>, Future<IqReply>> then) {
    LiveAccount account = (LiveAccount) request.account();
    return account.inTurn(() -> clients(account).compose(then));
  }

  private Future<List<ListedClient>> clients(LiveAccount account) {
    Future<Optional<Account>> stored = accounts.find(account.jid());
    Future<List<LoginToken>> all = tokens.find(account.jid());
    Future<List<KnownClient>> known =
        remembers ? tokens.clients(account.jid()) : Future.succeededFuture();
    return Future.all(stored, all, known)
        .map(
            v ->
                ListedClient.of(
                    account.sessions(), good(all.result(), stored.result()), known.result()));
  }

  private List<LoginToken> good(List<LoginToken> all, Optional<Account> account) {
    return account
        .map(HashedToken::digest)
        .map(password -> all.stream().filter(one -> one.isOf(password, clock.instant())).toList())
        .orElse(List.of());
  }

  private Future<IqReply> revoke(IqRequest request) {
    String id = request.query().attribute("id");
    if (id == null || id.isEmpty()) {
      return Future.succeededFuture(IqReply.error(Condition.BAD_REQUEST));
    }
    return withClients(
        request,
        clients ->
            clients.stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .map(client -> revoke((LiveAccount) request.account(), client))
                .orElse(Future.succeededFuture(IqReply.error(Condition.ITEM_NOT_FOUND))));
  }

  private Future<IqReply> revoke(LiveAccount account, ListedClient client) {
    Jid jid = account.jid();
    Future<Void> done = Future.succeededFuture();
    if (client.agent() != null) {
      revoked.accept(account, client.agent());
      done = tokens.revoke(jid, client.agent());
      if (!client.password()) {
        done = done.compose(v -> tokens.removeClient(jid, client.agent()));
      }
    }
    return done.onSuccess(v -> turnedOut.accept(jid))
        .map(v -> outcome(client).with(ends(account, client)));
  }

  private static IqReply outcome(ListedClient client) {
    return client.password()
        ? IqReply.error(
            StanzaError.of(Condition.SERVICE_UNAVAILABLE)
                .withApplication("<password-reset-required xmlns='" + NS + "'/>"))
        : IqReply.result();
  }

  /** Its sessions, with one that it has begun with a token meanwhile. */
  private static Effect[] ends(LiveAccount account, ListedClient client) {
    StreamError revoked =
        StreamError.of(StreamError.Condition.NOT_AUTHORIZED, "access has been revoked");
    return account.sessions().stream()
        .filter(
            session ->
                client.agent() == null
                    ? client.sessions().contains(session.jid())
                    : session.get(SessionClient.ID).equals(client.agent()))
        .map(session -> new Effect.EndSession(session.jid(), revoked))
        .toArray(Effect[]::new);
  }
}
