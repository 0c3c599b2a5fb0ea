package io.rookery.router.invitation;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.Manifest;
import io.rookery.router.roster.Approval;
import io.rookery.storage.invitation.Invitation;
import io.rookery.storage.invitation.Invitations;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * XEP-0379: Pre-Authenticated Roster Subscription, on the inviter's side. Of everything that is
 * wrong with a token nobody learns: the user is asked then, as always.
 */
public final class ContactApproval implements Extension, Approval {
  public static final String NS = "urn:xmpp:pars:0";

  private static final Logger LOG = LoggerFactory.getLogger(ContactApproval.class);

  /** Longer than it takes to remove an invitation. */
  private static final Duration HOLD = Duration.ofMinutes(1);

  private static final int MAX_TOKEN = 100;

  private final Invitations invitations;
  private final Clock clock;

  public ContactApproval(Invitations invitations, Clock clock) {
    this.invitations = invitations;
    this.clock = clock;
  }

  @Override
  public Manifest manifest() {
    return Manifest.of(379, "0.3.3", "Pre-Authenticated Roster Subscription");
  }

  @Override
  public Future<Boolean> approves(Jid user, Stanza request) {
    String token =
        request.payload().has(NS, "preauth")
            ? request.payload().element(NS, "preauth").attribute("token")
            : null;
    if (token == null || token.length() > MAX_TOKEN) {
      return Future.succeededFuture(false);
    }
    Jid contact = request.from().bare();
    return invitations
        .find(Issuance.hash(token))
        .compose(
            found ->
                found.isPresent() && isFor(found.get(), user, contact)
                    ? use(found.get(), contact)
                    : Future.succeededFuture(false))
        .otherwise(
            failure -> {
              LOG.warn("an invitation of {} was not looked at: {}", user, failure.toString());
              return false;
            });
  }

  private boolean isFor(Invitation invitation, Jid user, Jid contact) {
    boolean registered = contact.equals(invitation.claim());
    return invitation.subscribes()
        && invitation.inviter().equals(user)
        && (registered || invitation.claim() == null)
        && (registered || clock.instant().isBefore(invitation.expires()))
        && (invitation.account() == null || invitation.account().equals(contact));
  }

  private Future<Boolean> use(Invitation invitation, Jid contact) {
    return invitations
        .claim(invitation, contact, HOLD)
        .compose(
            claimed ->
                claimed ? invitations.remove(invitation).map(true) : Future.succeededFuture(false));
  }
}
