package io.rookery.router.login;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.sasl.SaslOffer;
import io.rookery.protocol.wire.IssuedToken;
import io.rookery.protocol.wire.LoginRequest;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.router.sasl.HashedToken;
import io.rookery.router.sasl.SaslCondition;
import io.rookery.router.sasl.SaslStep;
import io.rookery.storage.account.Account;
import io.rookery.storage.account.Accounts;
import io.rookery.storage.token.LoginToken;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** XEP-0484: FAST, logins with a token, and what a login has to do with tokens otherwise. */
public final class TokenLogin {
  private static final Logger LOG = LoggerFactory.getLogger(TokenLogin.class);

  /**
   * How a login with a token ends.
   *
   * @param step a success or a failure
   * @param issued a new token for the client, null for none
   */
  record Outcome(SaslStep step, IssuedToken issued) {

    static Future<Outcome> failure(SaslCondition condition) {
      return Future.succeededFuture(new Outcome(new SaslStep.Failure(condition, null), null));
    }
  }

  private record Known(Optional<Account> account, List<LoginToken> tokens) {}

  private final Accounts accounts;
  private final Tokens tokens;
  private final Admission admission;

  public TokenLogin(Accounts accounts, Tokens tokens, Admission admission) {
    this.accounts = accounts;
    this.tokens = tokens;
    this.admission = admission;
  }

  /** One exchange; fails with a technical failure only. */
  Future<Outcome> run(ToRouter.SaslStart start, SaslOffer offer) {
    LoginRequest request = start.request();
    if (request.client() == null || request.count() < 0) {
      return Outcome.failure(SaslCondition.MALFORMED_REQUEST); // section 4.1
    }
    HashedToken.Parsed parsed =
        HashedToken.parse(start.mechanism(), offer, start.domain(), start.initial());
    if (parsed instanceof HashedToken.Refused refused) {
      return Future.succeededFuture(new Outcome(refused.failure(), null));
    }
    HashedToken message = ((HashedToken.Claim) parsed).message();
    if (request.from() != null && !request.from().equals(message.account().toString())) {
      return Outcome.failure(SaslCondition.INVALID_AUTHZID); // XEP-0388, section 2.3
    }
    return admission
        .admit(() -> known(message.account()))
        .compose(known -> verified(start, message, known));
  }

  private Future<Known> known(Jid account) {
    Future<Optional<Account>> found = accounts.find(account);
    Future<List<LoginToken>> all = tokens.find(account);
    return Future.all(found, all).map(v -> new Known(found.result(), all.result()));
  }

  private Future<Outcome> verified(ToRouter.SaslStart start, HashedToken message, Known known) {
    LoginRequest request = start.request();
    List<LoginToken> own =
        known.tokens().stream().filter(one -> one.client().equals(request.client())).toList();
    HashedToken.Verified verified = message.verify(known.account(), own, tokens.now());
    if (verified instanceof HashedToken.Wrong wrong) {
      return Future.succeededFuture(new Outcome(wrong.failure(), null));
    }
    if (known.account().orElseThrow().disabled()) {
      return Outcome.failure(SaslCondition.ACCOUNT_DISABLED);
    }
    HashedToken.Right right = (HashedToken.Right) verified;
    return tokens
        .count(message.account(), right.token(), request.count())
        .compose(
            first ->
                first
                    ? used(start, right, known)
                    : Outcome.failure(SaslCondition.NOT_AUTHORIZED)); // sent once more by somebody
  }

  private Future<Outcome> used(ToRouter.SaslStart start, HashedToken.Right right, Known known) {
    LoginToken token = right.token();
    return tokens
        .used(right.step().account(), token, known.tokens(), start.request().invalidate())
        .compose(left -> issue(known.account().orElseThrow(), start, token, left))
        .compose(
            issued ->
                issued == null || start.request().invalidate()
                    ? Future.succeededFuture(new Outcome(right.step(), issued))
                    : rotated(right, issued));
  }

  /** Who was revoked while the new token was made has neither. */
  private Future<Outcome> rotated(HashedToken.Right right, IssuedToken issued) {
    return tokens
        .stays(right.step().account(), right.token())
        .compose(
            stays ->
                stays
                    ? Future.succeededFuture(new Outcome(right.step(), issued))
                    : Outcome.failure(SaslCondition.NOT_AUTHORIZED));
  }

  /**
   * Yields null when none is wanted, or it could not be stored: the client has logged in anyway.
   */
  private Future<IssuedToken> issue(
      Account account, ToRouter.SaslStart start, LoginToken used, List<LoginToken> all) {
    LoginRequest request = start.request();
    return tokens
        .wanted(request, used, start.bindings())
        .map(mechanism -> tokens.issue(account, request.client(), mechanism, used, all))
        .orElse(Future.succeededFuture())
        .recover(failure -> without(account, failure));
  }

  /**
   * A token for a client that has logged in with a password, if it wants one.
   *
   * @return yields null when there is none
   */
  Future<IssuedToken> afterPassword(ToRouter.SaslStart start, Account account) {
    LoginRequest request = start.request();
    if (request == null || tokens.wanted(request, null, start.bindings()).isEmpty()) {
      return Future.succeededFuture();
    }
    return tokens
        .find(account.jid())
        .compose(all -> issue(account, start, null, all))
        .recover(failure -> without(account, failure));
  }

  /** More keys for the same password, see {@link io.rookery.router.sasl.KeyUpgrade}. */
  Future<Void> rekey(Account before, Account after) {
    return tokens
        .rekey(before, after)
        .onFailure(e -> LOG.warn("the tokens of {} are void: {}", before.jid(), e.toString()))
        .otherwiseEmpty();
  }

  private static Future<IssuedToken> without(Account account, Throwable failure) {
    LOG.warn("no token for {}: {}", account.jid(), failure.toString());
    return Future.succeededFuture();
  }
}
