package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.junit.jupiter.api.Test;

/** In-band registration, password change and account removal (XEP-0077). */
@Conversation
class RegistrationConversationTest {
  private static final String STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas";
  private static final String REMOVE = "<query xmlns='jabber:iq:register'><remove/></query>";

  @Test
  void isOfferedBeforeAuthentication(Cast given) throws Exception {
    Client romeo = given.secured("romeo");
    assertTrue(romeo.offers("register", "http://jabber.org/features/iq-register"));
    romeo.asks(
        "get",
        null,
        "<query xmlns='jabber:iq:register'/>",
        r ->
            r.type("result")
                .has(
                    "query",
                    Client.REGISTER,
                    q ->
                        q.has("username", Client.REGISTER)
                            .has("password", Client.REGISTER)
                            .has("x", "jabber:x:data")));
  }

  @Test
  void newAccountLogsIn(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    assertEquals(given.user("romeo").bare(), romeo.bare());
  }

  @Test
  void takenNameIsAConflict(Cast given) throws Exception {
    Account romeo = given.user("romeo");
    Client impostor = given.secured("impostor");
    impostor.expects(
        Cast.register(impostor, romeo.withPassword("another")),
        r -> r.error("conflict").has("error", Client.CLIENT, e -> e.has("text", STANZAS)));
    assertTrue(logsIn(given, romeo));
  }

  @Test
  void namesAreComparedAsPrepared(Cast given) throws Exception {
    Account romeo = given.user("romeo");
    Account shouted =
        new Account(romeo.localpart().toUpperCase(Locale.ROOT), romeo.domain(), "x-y-z");
    Client impostor = given.secured("impostor");
    impostor.expects(Cast.register(impostor, shouted), r -> r.error("conflict"));
  }

  @Test
  void incompleteOrImpossibleRequestsAreRefused(Cast given) throws Exception {
    Client romeo = given.secured("romeo");
    romeo.asks(
        "set",
        null,
        "<query xmlns='jabber:iq:register'><username>somebody</username></query>",
        r -> r.type("error"));
    romeo.asks(
        "set",
        null,
        "<query xmlns='jabber:iq:register'><username>not@possible</username>"
            + "<password>secret</password></query>",
        r -> r.type("error"));
  }

  @Test
  void changedPasswordReplacesTheOld(Cast given) throws Exception {
    Account before = given.user("romeo");
    Account after = before.withPassword("pen-of-romeo");
    Client romeo = given.client("romeo", "phone");
    romeo.asks(
        "set",
        before.domain(),
        "<query xmlns='jabber:iq:register'><username>"
            + before.localpart()
            + "</username><password>"
            + after.password()
            + "</password></query>",
        r -> r.type("result"));
    assertFalse(logsIn(given, before));
    assertTrue(logsIn(given, after));
  }

  @Test
  void nobodyChangesAnotherUsersPassword(Cast given) throws Exception {
    Account juliet = given.user("juliet");
    Client romeo = given.client("romeo", "phone");
    romeo.asks(
        "set",
        juliet.domain(),
        "<query xmlns='jabber:iq:register'><username>"
            + juliet.localpart()
            + "</username><password>stolen</password></query>",
        r -> r.type("error"));
    assertTrue(logsIn(given, juliet));
    assertFalse(logsIn(given, juliet.withPassword("stolen")));
  }

  @Test
  void removedAccountIsGone(Cast given) throws Exception {
    Account account = given.user("romeo");
    Client phone = given.client("romeo", "phone");
    Client laptop = given.client("romeo", "laptop");
    phone.sends("<iq type='set' id='unreg1'>%s</iq>", REMOVE);
    phone.receives("iq", iq -> iq.id("unreg1").type("result"));
    phone.isDisconnected();
    laptop.isDisconnected();
    assertFalse(logsIn(given, account));
  }

  @Test
  void removedAccountLeavesTheContactsRosters(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    given.befriend(romeo, juliet);
    String phone = romeo.toString();
    romeo.sends("<iq type='set' id='unreg2'>%s</iq>", REMOVE);
    romeo.receives("iq", iq -> iq.id("unreg2").type("result"));
    juliet.receives("presence", p -> p.from(phone).type("unavailable"));
    juliet.receives("presence", p -> p.from(romeo.bare()).type("unsubscribe"));
    juliet.receives("presence", p -> p.from(romeo.bare()).type("unsubscribed"));
    juliet.receivesPush(romeo.bare(), "none");
  }

  @Test
  void newOwnerOfAnOldNameInheritsNothing(Cast given) throws Exception {
    Account account = given.user("romeo");
    Client juliet = given.client("juliet", "balcony");
    Client romeo = given.client("romeo", "phone");
    given.befriend(romeo, juliet);
    romeo.sends("<iq type='set' id='unreg3'>%s</iq>", REMOVE);
    romeo.receives("iq", iq -> iq.id("unreg3").type("result"));
    romeo.isDisconnected();
    Client stage = given.secured("romeo");
    Cast.registersAgain(stage, account);
    Client second = given.connected("romeo", "phone");
    assertEquals(0, second.getsRoster().size());
  }

  /** Juliet has allowed the one who had the name: not the one who has it now. */
  @Test
  void norWhatOthersAllowedTheOldOwner(Cast given) throws Exception {
    Account account = given.user("romeo");
    Client juliet = given.client("juliet", "balcony");
    Client romeo = given.client("romeo", "phone");
    given.befriend(romeo, juliet);
    juliet.asks(
        "set",
        null,
        Personal.publish("urn:x:diary", "1", "<a xmlns='urn:a'/>", Personal.PRIVATE_LIST),
        r -> r.type("result"));
    juliet.asks(
        "set",
        null,
        "<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'><affiliations node='urn:x:diary'>"
            + ("<affiliation jid='" + romeo.bare() + "' affiliation='member'/>")
            + "</affiliations></pubsub>",
        r -> r.type("result"));
    romeo.asks("get", juliet.bare(), Personal.items("urn:x:diary"), r -> r.type("result"));
    romeo.sends("<iq type='set' id='unreg4'>%s</iq>", REMOVE);
    romeo.receives("iq", iq -> iq.id("unreg4").type("result"));
    romeo.isDisconnected();
    Client stage = given.secured("romeo");
    Cast.registersAgain(stage, account);
    Client second = given.connected("romeo", "phone");
    second.asks("get", juliet.bare(), Personal.items("urn:x:diary"), r -> r.type("error"));
    juliet.receivesPush(romeo.bare(), "none");
  }

  private static boolean logsIn(Cast given, Account account) throws Exception {
    Client client = given.secured(account.localpart());
    Mechanism mechanism =
        client.offers(Mechanism.SCRAM_SHA_1) ? Mechanism.SCRAM_SHA_1 : Mechanism.PLAIN;
    boolean success = client.triesToAuthenticate(account, mechanism).is("success", Client.SASL);
    client.close();
    return success;
  }
}
