package io.rookery.router.roster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.router.login.Owner;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.storage.roster.RosterItem.Subscription;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A request for which it takes time to decide whether it is approved. */
class ApprovalTest {
  private final Owner owner = new Owner();
  private final LiveAccount account = owner.account();
  private final Promise<Boolean> decision = Promise.promise();
  private final Subscriptions subscriptions =
      new Subscriptions(
          new RosterChanges(owner.stores, owner.retries, owner.routes, () -> "push"),
          owner.routes,
          owner.accounts,
          100);
  private final List<Subscription> seen = new ArrayList<>();

  @AfterEach
  void close() {
    owner.vertx.close();
  }

  private void asks() {
    subscriptions.approveBy((user, request) -> decision.future());
    subscriptions.fromContact(
        account, Stanza.of(StanzaType.PRESENCE_SUBSCRIBE, Given.ROMEO, Owner.JULIET, null));
    owner.accounts.run(
        Owner.JULIET,
        LiveAccount.Level.ROSTER,
        later -> seen.add(later.contact(Given.ROMEO.bare()).subscription()));
  }

  @Test
  void whatComesLaterWaitsForIt() {
    asks();
    assertEquals(List.of(), seen);
    decision.complete(true);
    assertEquals(List.of(Subscription.FROM), seen);
  }

  @Test
  void andWhenItIsNotApproved() {
    asks();
    assertNull(account.contact(Given.ROMEO.bare()));
    decision.complete(false);
    assertEquals(List.of(Subscription.NONE), seen);
  }
}
