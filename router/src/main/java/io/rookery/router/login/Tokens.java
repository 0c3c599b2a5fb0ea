package io.rookery.router.login;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.sasl.ChannelBindings;
import io.rookery.protocol.sasl.TokenMechanism;
import io.rookery.protocol.wire.IssuedToken;
import io.rookery.protocol.wire.LoginRequest;
import io.rookery.router.sasl.HashedToken;
import io.rookery.storage.account.Account;
import io.rookery.storage.token.LoginToken;
import io.rookery.storage.token.LoginTokens;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * XEP-0484: FAST, the tokens that clients get and lose. A client has two at most, the one it uses
 * and a newer one that it may not have received.
 */
public final class Tokens {
  private static final Duration LIFETIME = Duration.ofDays(30);

  /** A token that has been used for so long is replaced (section 3.5). */
  private static final Duration ROTATED_AFTER = Duration.ofDays(1);

  /** An expired token is told from one that never was. */
  private static final Duration KEPT = LIFETIME.plusDays(7);

  private static final int SECRET_BYTES = 32;

  /** Clients of an account that have tokens; one more takes the place of that with the oldest. */
  private static final int MAX_CLIENTS = 50;

  private final LoginTokens store;
  private final SecureRandom random;
  private final Clock clock;

  public Tokens(LoginTokens store, SecureRandom random, Clock clock) {
    this.store = store;
    this.random = random;
    this.clock = clock;
  }

  Instant now() {
    return clock.instant();
  }

  Future<List<LoginToken>> find(Jid account) {
    return store.find(account);
  }

  /** Whether a client may use its token with this count (section 3.4); 0 for without. */
  Future<Boolean> count(Jid account, LoginToken token, long count) {
    return count == 0 ? Future.succeededFuture(true) : store.count(account, token, count, KEPT);
  }

  /**
   * A client has logged in with a token: older ones are over, and all of its if that is what it
   * wants (sections 3.5 and 3.6).
   *
   * @param all the account's tokens
   * @return what is left
   */
  Future<List<LoginToken>> used(
      Jid account, LoginToken token, List<LoginToken> all, boolean invalidate) {
    List<LoginToken> over =
        all.stream()
            .filter(one -> one.client().equals(token.client()))
            .filter(one -> one.id() < token.id() || invalidate)
            .toList();
    List<LoginToken> left = all.stream().filter(one -> !over.contains(one)).toList();
    return over.isEmpty() ? Future.succeededFuture(left) : store.remove(account, over).map(left);
  }

  /** The account has got more keys for the same password: its tokens are as good as before. */
  Future<Void> rekey(Account before, Account after) {
    byte[] old = HashedToken.digest(before);
    return store
        .find(before.jid())
        .map(all -> all.stream().filter(one -> one.isOf(old, now())).toList())
        .compose(
            valid ->
                valid.isEmpty()
                    ? Future.succeededFuture()
                    : store.rekey(before.jid(), valid, HashedToken.digest(after), KEPT));
  }

  /**
   * Whether a client still has the token it has logged in with, after it was issued another: if it
   * has not, its access was revoked meanwhile, and it must not keep the new one.
   */
  Future<Boolean> stays(Jid account, LoginToken used) {
    return store
        .find(account)
        .compose(
            all -> {
              boolean there =
                  all.stream()
                      .anyMatch(one -> one.client().equals(used.client()) && one.id() == used.id());
              return there
                  ? Future.succeededFuture(true)
                  : store.revoke(account, used.client()).map(false);
            });
  }

  /**
   * The mechanism to issue a new token for: the one the client asks for, or that of a token which
   * is due.
   *
   * @param used null after a login with a password
   */
  Optional<TokenMechanism> wanted(LoginRequest request, LoginToken used, ChannelBindings bindings) {
    if (request.client() == null) {
      return Optional.empty();
    }
    boolean due =
        used != null
            && !request.invalidate()
            && used.id() < clock.millis() - ROTATED_AFTER.toMillis();
    String name = request.tokenFor() != null ? request.tokenFor() : due ? used.mechanism() : null;
    return TokenMechanism.named(name).filter(one -> one.data(bindings) != null);
  }

  /**
   * Issues a token. Of the client's others one stays, which it may be using.
   *
   * @param account as it was when the client logged in: with a new password the token is void
   * @param used null after a login with a password
   * @param all the account's tokens
   */
  Future<IssuedToken> issue(
      Account account,
      String client,
      TokenMechanism mechanism,
      LoginToken used,
      List<LoginToken> all) {
    List<LoginToken> own = all.stream().filter(one -> one.client().equals(client)).toList();
    long last = own.stream().mapToLong(LoginToken::id).max().orElse(0);
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    LoginToken token =
        new LoginToken(
            client,
            Math.max(clock.millis(), last + 1),
            mechanism.saslName(),
            secret.getBytes(StandardCharsets.US_ASCII),
            HashedToken.digest(account),
            clock.instant().plus(LIFETIME),
            0);
    long stays = used == null || !own.contains(used) ? last : used.id();
    List<LoginToken> over = new ArrayList<>(own);
    over.removeIf(one -> one.id() == stays);
    over.addAll(tooMany(client, all));
    Future<Void> room =
        over.isEmpty() ? Future.succeededFuture() : store.remove(account.jid(), over);
    return room.compose(v -> store.put(account.jid(), token, KEPT))
        .map(v -> new IssuedToken(secret, token.expires().getEpochSecond()));
  }

  /** What the client with the oldest token has, when there is no room for another client. */
  private static List<LoginToken> tooMany(String client, List<LoginToken> all) {
    List<LoginToken> others = all.stream().filter(one -> !one.client().equals(client)).toList();
    if (others.stream().map(LoginToken::client).distinct().count() < MAX_CLIENTS) {
      return List.of();
    }
    String first =
        others.stream().min(Comparator.comparingLong(LoginToken::id)).orElseThrow().client();
    return others.stream().filter(one -> one.client().equals(first)).toList();
  }
}
