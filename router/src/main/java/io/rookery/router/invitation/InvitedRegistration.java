package io.rookery.router.invitation;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.RouterConfig.Inviters;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.Manifest;
import io.rookery.storage.account.Accounts;
import io.rookery.storage.invitation.Invitation;
import io.rookery.storage.invitation.Invitations;
import io.rookery.storage.roster.RosterItem;
import io.rookery.storage.roster.Rosters;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * XEP-0445: Pre-Authenticated In-Band Registration. Who is invited makes an account, and gets into
 * the inviter's roster where the invitation says so.
 */
public final class InvitedRegistration implements Extension {
  private static final Logger LOG = LoggerFactory.getLogger(InvitedRegistration.class);

  /** A registration that was begun with an invitation ends within this time, or another may. */
  private static final Duration HOLD = Duration.ofMinutes(1);

  private static final StanzaError INVALID =
      StanzaError.of(Condition.ITEM_NOT_FOUND, "The provided token is invalid or expired");

  private final Invitations invitations;
  private final Rosters rosters;
  private final Accounts accounts;
  private final Inviters inviters;
  private final Set<Jid> admins;
  private final Clock clock;

  /**
   * @param inviters whose invitations are good for this
   * @param admins whose names nobody gets but who is invited to them
   */
  public InvitedRegistration(
      Invitations invitations,
      Rosters rosters,
      Accounts accounts,
      Inviters inviters,
      Set<Jid> admins,
      Clock clock) {
    this.invitations = invitations;
    this.rosters = rosters;
    this.accounts = accounts;
    this.inviters = inviters;
    this.admins = Set.copyOf(admins);
    this.clock = clock;
  }

  @Override
  public Manifest manifest() {
    return Manifest.of(445, "0.2.0", "Pre-Authenticated In-Band Registration");
  }

  /** Whether there are such invitations at all. */
  public boolean isOffered() {
    return inviters != Inviters.OFF;
  }

  /**
   * Section 4: whether a token can be used to register.
   *
   * @param domain the stream was opened to
   */
  public Future<IqReply> check(String domain, String token) {
    if (!isOffered() || token == null) {
      return Future.succeededFuture(
          IqReply.error(token == null ? Condition.BAD_REQUEST : Condition.SERVICE_UNAVAILABLE));
    }
    return find(domain, token)
        .map(
            found ->
                found.isPresent()
                        && found.get().claim() == null
                        && clock.instant().isBefore(found.get().expires())
                    ? IqReply.result()
                    : IqReply.error(INVALID));
  }

  private Future<Optional<Invitation>> find(String domain, String token) {
    return invitations
        .find(Issuance.hash(token))
        .map(found -> found.filter(one -> isGood(one) && home(one).domain().equals(domain)))
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(found)
                    : mayInvite(found.get().inviter()).map(may -> found.filter(invitation -> may)));
  }

  /** A domain's operator may always; a user not any more once an administrator has disabled him. */
  private Future<Boolean> mayInvite(Jid inviter) {
    return inviter.isDomain()
        ? Future.succeededFuture(true)
        : accounts
            .find(inviter)
            .map(found -> found.filter(one -> one.isComplete() && !one.disabled()).isPresent());
  }

  /** The inviter may have had more rights once. */
  private boolean isGood(Invitation one) {
    return one.registers()
        && (inviters == Inviters.USERS
            || one.inviter().isDomain()
            || admins.contains(one.inviter()));
  }

  private static Jid home(Invitation invitation) {
    return invitation.account() == null ? invitation.inviter() : invitation.account();
  }

  /** The user name that comes with an invitation, empty for any. */
  public Future<String> username(String domain, String token) {
    return find(domain, token)
        .map(found -> found.map(Invitation::account).map(Jid::local).orElse(""));
  }

  /** Whether an address is kept for somebody who is invited. */
  public Future<Boolean> isReserved(Jid account) {
    if (admins.contains(account)) {
      return Future.succeededFuture(true);
    }
    return isOffered()
        ? invitations.reservation(account).map(Optional::isPresent)
        : Future.succeededFuture(false);
  }

  /** An invitation on its way to become an account. */
  private record Use(Jid account, String token, Invitation invitation) {}

  /**
   * Makes an account with an invitation that was accepted before; whether it has expired since does
   * not matter.
   *
   * @param create yields false when there is such an account
   */
  public Future<IqReply> register(Jid account, String token, Supplier<Future<Boolean>> create) {
    return find(account.domain(), token)
        .compose(
            found ->
                found.isEmpty()
                    ? error(INVALID)
                    : register(new Use(account, token, found.get()), create));
  }

  private Future<IqReply> register(Use use, Supplier<Future<Boolean>> create) {
    Jid wanted = use.invitation().account();
    if (wanted != null && !wanted.equals(use.account())) {
      String text = "You are invited as " + wanted.local();
      return error(StanzaError.of(Condition.NOT_ACCEPTABLE, text));
    }
    if (wanted == null && admins.contains(use.account())) {
      return error(StanzaError.of(Condition.CONFLICT));
    }
    if (use.invitation().claim() != null) {
      return error(INVALID); // somebody else is about to use it, and must not lose his claim to us
    }
    return invitations
        .reservation(use.account())
        .compose(
            kept ->
                kept.isPresent() && !Arrays.equals(kept.get(), use.invitation().token())
                    ? error(StanzaError.of(Condition.CONFLICT))
                    : claim(use, create));
  }

  /** Section 4: it counts as used when the account is there, so that another name may be tried. */
  private Future<IqReply> claim(Use use, Supplier<Future<Boolean>> create) {
    return invitations
        .claim(use.invitation(), use.account(), HOLD)
        .compose(
            claimed ->
                claimed
                    ? create.get().compose(created -> created ? used(use) : taken(use))
                    : error(INVALID));
  }

  private Future<IqReply> taken(Use use) {
    return invitations
        .release(use.invitation(), use.account())
        .compose(v -> error(StanzaError.of(Condition.CONFLICT)));
  }

  private static Future<IqReply> error(StanzaError error) {
    return Future.succeededFuture(IqReply.error(error));
  }

  /** The account is there, whatever becomes of the rest. */
  private Future<IqReply> used(Use use) {
    Future<IqReply> done =
        use.invitation().subscribes()
            ? subscribed(use)
            : invitations.remove(use.invitation()).map(IqReply.result());
    return done.otherwise(
        failure -> {
          LOG.warn("what {} was invited to was not done: {}", use.account(), failure.toString());
          return IqReply.result();
        });
  }

  /**
   * The new account's roster waits for the inviter's approval, and approves him in advance (RFC
   * 6121, section 3.4). Its request brings the claimed invitation, which the inviter's owner takes.
   */
  private Future<IqReply> subscribed(Use use) {
    Invitation claimed = use.invitation().claimedBy(use.account());
    Duration rest = Duration.between(clock.instant(), claimed.expires()).plus(Issuance.GRACE);
    return rosters
        .put(use.account(), waiting(claimed.inviter()), 1)
        .compose(v -> invitations.claim(claimed, use.account(), rest.plus(HOLD)))
        .compose(held -> held ? Future.succeededFuture() : Future.failedFuture("the claim is gone"))
        .map(v -> IqReply.result().with(new Effect.Send(request(use))));
  }

  private static RosterItem waiting(Jid inviter) {
    return new RosterItem(
        inviter, null, RosterItem.Subscription.NONE, true, true, null, false, Set.of());
  }

  private static Stanza request(Use use) {
    return Stanza.of(
        StanzaType.PRESENCE_SUBSCRIBE,
        use.account(),
        use.invitation().inviter(),
        null,
        Element.of(ContactApproval.NS, "preauth").attribute("token", use.token()));
  }
}
