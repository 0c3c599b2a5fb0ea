package io.rookery.router.carbons;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.SessionRecord;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.wire.Unacked;
import io.rookery.protocol.xml.Element;
import io.rookery.router.delivery.ClientStanzas;
import io.rookery.router.delivery.Delivery;
import io.rookery.router.delivery.Effects;
import io.rookery.router.dispatch.Extensions;
import io.rookery.router.dispatch.HookChain;
import io.rookery.router.login.Owner;
import io.rookery.router.presence.Presences;
import io.rookery.router.session.Given;
import io.rookery.router.session.Session;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who gets a copy of what; sessions under stream management show what they were handed. */
class CarbonsTest {
  private static final String SID = "urn:xmpp:sid:0";
  private static final String CAPULETS = "capulet.example";

  private final Owner owner = new Owner(CAPULETS);
  private final HookChain hooks =
      new HookChain(
          new Extensions(List.of(new Carbons())),
          new Effects(owner.routes, null, owner.sessionEnd, null)::perform,
          owner.meters);
  private final Delivery delivery =
      new Delivery(
          owner.accounts,
          owner.routes,
          hooks,
          null,
          new Presences(owner.routes),
          null,
          owner.archiving,
          owner.tail,
          owner.origins);
  private final ClientStanzas clientStanzas =
      new ClientStanzas(
          owner.accounts,
          owner.routes,
          hooks,
          null,
          null,
          null,
          owner.archiving,
          owner.offline,
          owner.records,
          owner.origins);
  private final Session phone = owner.managed("phone", 1);
  private final Session laptop = enabled("laptop", 2);

  @AfterEach
  void close() {
    owner.vertx.close();
  }

  private Session enabled(String resource, long stream) {
    Session session = owner.managed(resource, stream);
    session.put(Carbons.ENABLED, true);
    return session;
  }

  private static Stanza message(StanzaType type, Jid from, Jid to, String children) {
    Stanza message = Stanza.of(type, from, to, "m");
    for (String child : children.isEmpty() ? new String[0] : children.split(" ")) {
      String[] parts = child.split("#");
      message = message.plus(Element.of(parts[0], parts[1]));
    }
    return message;
  }

  private void arrives(Stanza message, long origin, boolean repeated) {
    delivery.routed(Owner.SENDER, new ToRouter.Routed(message, origin, origin, repeated));
  }

  private void arrives(Stanza message) {
    arrives(message, 0, false);
  }

  private void sends(Session session, Stanza message, long counter) {
    clientStanzas.take(
        owner.account(), session, message, session.progress().begin(counter), pending -> {});
  }

  private static List<Stanza> handed(Session session) {
    return session.outbox().unacked().stream()
        .map(Unacked::stanza)
        .filter(Stanza::isMessage)
        .toList();
  }

  private static Element forwarded(Stanza copy, String direction) {
    return copy.payload()
        .element(Carbons.NS, direction)
        .child("urn:xmpp:forward:0", "forwarded")
        .child("jabber:client", "message");
  }

  private static Stanza chat(Jid to) {
    return message(StanzaType.MESSAGE_CHAT, Given.ROMEO, to, "jabber:client#body");
  }

  @Test
  void whoDoesNotGetItGetsACopyWithTheIdThatItHasForTheOther() {
    arrives(chat(phone.jid()));
    Stanza original = handed(phone).get(0);
    Stanza copy = handed(laptop).get(0);
    assertEquals(Owner.JULIET, copy.from());
    assertEquals(laptop.jid(), copy.to());
    assertEquals(StanzaType.MESSAGE_CHAT, copy.type());
    Element inside = forwarded(copy, "received");
    assertEquals(Given.ROMEO.toString(), inside.attribute("from"));
    assertEquals(phone.jid().toString(), inside.attribute("to"));
    assertEquals("m", inside.attribute("id"));
    assertEquals(original.payload().element(SID, "stanza-id"), inside.child(SID, "stanza-id"));
    assertEquals(1, owner.log.entries.size(), "a copy is not kept");
  }

  @Test
  void whoGetsItNeedsNoCopy() {
    Session watch = enabled("watch", 3);
    watch.available(watch.presence(), -1);
    arrives(chat(Owner.JULIET));
    assertNull(handed(laptop).get(0).payload().element(Carbons.NS, "received"));
    assertEquals(1, handed(laptop).size());
    assertEquals(1, handed(phone).size());
    assertEquals(1, handed(watch).size(), "negative priority: it does not take the message");
    forwarded(handed(watch).get(0), "received");
  }

  @Test
  void whatWaitsInTheLogIsNotCopiedToWhoWillTakeItFromThere() {
    phone.unavailable();
    laptop.unavailable();
    Session watch = enabled("watch", 3);
    watch.available(watch.presence(), -1);
    arrives(chat(Owner.JULIET));
    assertEquals(List.of(), handed(laptop));
    assertEquals(1, handed(watch).size());
  }

  @Test
  void whatIsSentIsCopiedWithTheIdInTheSendersLog() {
    Session tablet = enabled("tablet", 3);
    Stanza sent =
        message(StanzaType.MESSAGE_CHAT, laptop.jid(), Given.ROMEO, "jabber:client#body")
            .plus(
                Element.of(SID, "stanza-id")
                    .attribute("by", Owner.JULIET.toString())
                    .attribute("id", "forged"));
    sends(laptop, sent, 1);
    assertEquals(List.of(), handed(laptop), "not to the sender");
    assertEquals(List.of(), handed(phone), "not enabled");
    List<Element> ids = forwarded(handed(tablet).get(0), "sent").children(SID, "stanza-id");
    assertEquals(1, ids.size());
    assertEquals(Long.toUnsignedString(owner.log.entries.get(0).id()), ids.get(0).attribute("id"));
  }

  @Test
  void aMessageToOneselfIsCopiedOnce() {
    Session tablet = enabled("tablet", 3);
    Stanza note = message(StanzaType.MESSAGE_CHAT, laptop.jid(), phone.jid(), "jabber:client#body");
    sends(laptop, note, 1);
    arrives(note);
    assertEquals(List.of(), handed(laptop));
    assertEquals(1, handed(phone).size());
    assertEquals(1, handed(tablet).size());
    forwarded(handed(tablet).get(0), "received");
  }

  /** As in an archive: where clients look for the time of what is forwarded. */
  @Test
  void aCopyThatComesLateSaysWhenItsMessageCame() {
    arrives(chat(phone.jid()));
    Stanza copy = handed(laptop).get(0);
    assertEquals(copy, LateCopy.of(copy, owner.clock.now), "not late");
    Stanza late = LateCopy.of(copy, owner.clock.now + 1);
    Element message = forwarded(copy, "received");
    assertEquals(message, forwarded(late, "received"));
    Element delay =
        late.payload()
            .element(Carbons.NS, "received")
            .child("urn:xmpp:forward:0", "forwarded")
            .child("urn:xmpp:delay", "delay");
    assertEquals(Instant.ofEpochMilli(owner.clock.now).toString(), delay.attribute("stamp"));
    assertEquals(CAPULETS, delay.attribute("from"));
    assertEquals(1, late.payload().childCount());
    Stanza plain = handed(phone).get(0);
    assertEquals(plain, LateCopy.of(plain, Long.MAX_VALUE), "no copy");
  }

  @Test
  void aSessionThatWaitsGetsItsCopiesAndTheyAreNotKept() {
    owner.resumption.disconnected(owner.account(), laptop);
    owner.bus.taken();
    arrives(chat(phone.jid()));
    assertEquals(1, handed(laptop).size());
    owner.resumption.disconnected(owner.account(), phone);
    int kept = owner.log.entries.size();
    owner.sessionEnd.ended(owner.account(), laptop);
    assertEquals(kept, owner.log.entries.size());
    assertEquals(1, handed(phone).size(), "a copy goes to nobody else");
    assertEquals(
        List.of(), owner.routed().stream().filter(Stanza::isMessage).toList(), "nor is it routed");
  }

  @Test
  void aRepetitionMakesNoFurtherCopies() {
    arrives(chat(phone.jid()), 50, false);
    arrives(chat(phone.jid()), 50, true);
    assertEquals(1, handed(laptop).size());
  }

  /** The owner before died: the laptop's connector told that it has the copy. */
  @Test
  void whatTheClientsHadBeforeTheFailOverIsNotCopiedAgain() {
    arrives(chat(phone.jid()), 50, false);
    long received = laptop.outbox().unacked().iterator().next().origin();
    sends(phone, message(StanzaType.MESSAGE_CHAT, phone.jid(), Given.ROMEO, "a#b"), 1);
    long sent = laptop.outbox().unacked().stream().skip(1).findFirst().orElseThrow().origin();

    CarbonsTest after = new CarbonsTest();
    after.owner.origins.add(received);
    after.owner.origins.add(sent);
    after.arrives(chat(after.phone.jid()), 50, true);
    after.phone.continueAfter(0, 10);
    after.sends(after.phone, message(StanzaType.MESSAGE_CHAT, phone.jid(), Given.ROMEO, "a#b"), 1);
    assertEquals(1, handed(after.phone).size(), "it had not been delivered itself");
    assertEquals(List.of(), handed(after.laptop));
    after.close();
  }

  @Test
  void theWishIsPartOfTheRecord() {
    SessionRecord record = SessionRecord.parse(laptop.record().toBytes());
    assertTrue(new Session(laptop.jid(), record, 1).get(Carbons.ENABLED));
    laptop.put(Carbons.ENABLED, false);
    arrives(chat(phone.jid()));
    assertEquals(List.of(), handed(laptop));
  }

  @ParameterizedTest
  @CsvSource({
    // type, children -> copied when sent, when received from a full address
    "MESSAGE_CHAT, '', true, true",
    "MESSAGE_CHAT, jabber:client#body, true, true",
    "MESSAGE_NORMAL, jabber:client#body, true, true",
    "MESSAGE_NORMAL, urn:example#other, false, false",
    "MESSAGE_NORMAL, urn:xmpp:receipts#received, true, true",
    "MESSAGE_NORMAL, urn:xmpp:chat-markers:0#displayed, true, true",
    "MESSAGE_HEADLINE, jabber:client#body, false, false",
    "MESSAGE_HEADLINE, http://jabber.org/protocol/chatstates#active, true, true",
    "MESSAGE_GROUPCHAT, jabber:client#body, false, false",
    "MESSAGE_ERROR, jabber:client#error, true, true",
    "MESSAGE_NORMAL, jabber:x:conference#x, true, true",
    "MESSAGE_CHAT, jabber:client#body http://jabber.org/protocol/muc#user#x, true, false",
    "MESSAGE_CHAT, jabber:client#body urn:xmpp:carbons:2#private, false, false",
    "MESSAGE_CHAT, jabber:client#body urn:xmpp:hints#no-copy, false, false",
    "MESSAGE_CHAT, jabber:client#body urn:xmpp:carbons:2#received, false, false",
    "MESSAGE_ERROR, urn:xmpp:carbons:2#private jabber:client#error, false, false",
  })
  void someMessagesAreCopied(StanzaType type, String children, boolean sent, boolean received) {
    String names = children.replace("muc#user#x", "muc%user#x");
    Stanza message = message(type, Given.ROMEO, phone.jid(), "");
    for (String child : names.isEmpty() ? new String[0] : names.split(" ")) {
      String[] parts = child.split("#");
      message = message.plus(Element.of(parts[0].replace('%', '#'), parts[1]));
    }
    assertEquals(sent, Eligibility.ofSent(message));
    assertEquals(received, Eligibility.ofReceived(message));
  }

  /** Section 6.1; what an error repeats does not matter. */
  @Test
  void anErrorIsCopiedWhenWhatItAnswersWas() {
    Stanza room = message(StanzaType.MESSAGE_GROUPCHAT, phone.jid(), Given.ROMEO, "");
    sends(phone, room, 1);
    Stanza error = message(StanzaType.MESSAGE_ERROR, Given.ROMEO, phone.jid(), "");
    arrives(error);
    assertEquals(List.of(), handed(laptop));
    arrives(error.withFrom(Jid.parse("tybalt@capulet.example")));
    assertEquals(1, handed(laptop).size(), "of another's");
    arrives(message(StanzaType.MESSAGE_HEADLINE, Given.ROMEO, phone.jid(), ""));
    sends(phone, message(StanzaType.MESSAGE_ERROR, phone.jid(), Given.ROMEO, ""), 2);
    assertEquals(1, handed(laptop).size());
    for (int i = 0; i < 100; i++) {
      Jid other = Jid.parse("room" + i + "@capulet.example");
      sends(phone, message(StanzaType.MESSAGE_GROUPCHAT, phone.jid(), other, ""), 3 + i);
    }
    arrives(error);
    assertEquals(2, handed(laptop).size(), "it was long ago");
  }

  @Test
  void anInvitationOfARoomIsCopied() {
    String muc = "http://jabber.org/protocol/muc#user";
    Stanza invitation =
        Stanza.of(
            StanzaType.MESSAGE_NORMAL,
            Jid.parse("hall@rooms.example"),
            phone.jid(),
            "m",
            Element.of(muc, "x").with(Element.of(muc, "invite")));
    assertTrue(Eligibility.ofReceived(invitation));
  }
}
