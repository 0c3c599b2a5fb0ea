package io.rookery.router.roster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.login.Owner;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.storage.roster.RosterItem;
import io.rookery.storage.roster.RosterItem.Subscription;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is left of a contact whose account has been removed. */
class GoneContactTest {
  private static final Jid ROMEO = Given.ROMEO.bare();

  private final Owner owner = new Owner();
  private final LiveAccount account = owner.account();
  private final Subscriptions subscriptions =
      new Subscriptions(
          new RosterChanges(owner.stores, owner.retries, owner.routes, () -> "push"),
          owner.routes,
          owner.accounts,
          100);
  private final List<Jid> gone = new ArrayList<>();

  @AfterEach
  void close() {
    owner.vertx.close();
  }

  private void unsubscribes(Element... children) {
    subscriptions.onGone(
        (user, contact) -> {
          gone.add(contact);
          return Future.succeededFuture();
        });
    Stanza stanza = Stanza.of(StanzaType.PRESENCE_UNSUBSCRIBE, ROMEO, Owner.JULIET, null, children);
    subscriptions.fromContact(account, stanza);
  }

  private void has(Subscription subscription, boolean hidden) {
    account.putContact(
        new RosterItem(ROMEO, null, subscription, false, true, null, hidden, Set.of()));
  }

  @Test
  void nothingIsAllowedToHimAnyMore() {
    has(Subscription.BOTH, false);
    unsubscribes(Element.of("urn:rookery:account:0", "gone"));
    assertEquals(Subscription.TO, account.contact(ROMEO).subscription());
    assertFalse(account.contact(ROMEO).approved());
    assertEquals(List.of(ROMEO), gone);
  }

  @Test
  void anApprovalInAdvanceGoesWithHim() {
    has(Subscription.NONE, true);
    unsubscribes(Element.of("urn:rookery:account:0", "gone"));
    assertNull(account.contact(ROMEO));
  }

  @Test
  void whoOnlyUnsubscribesKeepsWhatIsAllowed() {
    has(Subscription.BOTH, false);
    unsubscribes();
    assertEquals(Subscription.TO, account.contact(ROMEO).subscription());
    assertEquals(true, account.contact(ROMEO).approved());
    assertEquals(List.of(), gone);
  }
}
