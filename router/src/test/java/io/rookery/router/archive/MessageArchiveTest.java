package io.rookery.router.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.dispatch.Extensions;
import io.rookery.router.dispatch.IqDispatcher;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.login.Owner;
import io.rookery.router.mailbox.Archiving;
import io.rookery.router.mailbox.Mailbox;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Session;
import io.rookery.storage.archive.ArchivePolicies;
import io.rookery.storage.archive.ArchivePolicy;
import io.rookery.storage.mailbox.MailboxEntry;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Questions to the archive and to the preferences; the log is a list. */
class MessageArchiveTest {
  private static final String MAM = "urn:xmpp:mam:2";
  private static final Jid BALCONY = Given.JULIET.withResource("balcony");

  private final Owner owner = new Owner("capulet.example");
  private final Mailbox mailbox =
      new Mailbox(
          owner.accounts, owner.stores, owner.retries, owner.clock, 1 << 20, 0, owner.meters);
  private final LiveAccount account = Given.account(Given.JULIET, true);
  private final Session session = Given.session(account, "balcony");
  private final List<ArchivePolicy> stored = new ArrayList<>();
  private final IqDispatcher dispatcher = dispatcher("capulet.example");

  private IqDispatcher dispatcher(String archived) {
    return dispatcher(archived, 0);
  }

  private IqDispatcher dispatcher(String archived, int searched) {
    return new IqDispatcher(
        new Extensions(
            List.of(
                new MessageArchive(
                    owner.log, new ArchiveEnds(owner.log, mailbox, Set.of(archived)), searched),
                new ArchivePreferences(new Policies(), owner.retries, Set.of(archived)))));
  }

  private final class Policies implements ArchivePolicies {
    @Override
    public Future<Optional<ArchivePolicy>> find(Jid user) {
      throw new AssertionError("it is in memory");
    }

    @Override
    public Future<Void> put(Jid user, ArchivePolicy policy) {
      stored.add(policy);
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> delete(Jid user) {
      throw new AssertionError("nobody removes it");
    }
  }

  @BeforeEach
  void fill() {
    for (int i = 1; i <= 5; i++) {
      Stanza message =
          Stanza.of(
              StanzaType.MESSAGE_CHAT,
              Given.ROMEO,
              Given.JULIET,
              "m" + i,
              Element.of("jabber:client", "body", "text " + i));
      owner.log.entries.add(
          new MailboxEntry(id(i), 0, Given.ROMEO, false, i != 4, false, message.toBytes()));
    }
  }

  private static long id(int i) {
    return 1_600_000_000_000L + i << 16;
  }

  @AfterEach
  void close() {
    owner.vertx.close();
  }

  private IqReply ask(StanzaType type, String query) {
    return ask(dispatcher, type, IqTarget.OWN_ACCOUNT, query);
  }

  private IqReply ask(IqDispatcher of, StanzaType type, IqTarget target, String query) {
    Stanza iq = Stanza.of(type, BALCONY, Given.JULIET, "1", Element.parse(query));
    return of.answer(iq, target, account, session).result();
  }

  private static List<String> ids(IqReply reply) {
    return reply.before().stream().map(effect -> result(effect).attribute("id")).toList();
  }

  private static Element result(Effect effect) {
    return ((Effect.ToSession) effect).stanza().payload().element(MAM, "result");
  }

  private static String search(String text) {
    return "<query xmlns='urn:xmpp:mam:2'><x xmlns='jabber:x:data' type='submit'>"
        + "<field var='FORM_TYPE'><value>urn:xmpp:mam:2</value></field>"
        + "<field var='{urn:xmpp:fulltext:0}fulltext'><value>%s</value></field></x></query>"
            .formatted(text);
  }

  private static String text(int... numbers) {
    List<String> ids = new ArrayList<>();
    for (int number : numbers) {
      ids.add(Long.toString(id(number)));
    }
    return ids.toString();
  }

  @Test
  void entriesGoBeforeTheReply() {
    IqReply reply =
        ask(
            StanzaType.IQ_SET,
            "<query xmlns='urn:xmpp:mam:2' queryid='q'>"
                + "<set xmlns='http://jabber.org/protocol/rsm'><max>2</max></set></query>");
    assertEquals(text(1, 2), ids(reply).toString());
    assertEquals(List.of(), reply.effects());
    Effect.ToSession first = (Effect.ToSession) reply.before().get(0);
    assertEquals(BALCONY, first.session());
    assertEquals(Given.JULIET, first.stanza().from());
    assertEquals(
        "<result xmlns='urn:xmpp:mam:2' queryid='q' id='"
            + id(1)
            + "'><forwarded xmlns='urn:xmpp:forward:0'>"
            + "<delay xmlns='urn:xmpp:delay' stamp='2020-09-13T12:26:40.001Z'/>"
            + "<message xmlns='jabber:client' from='romeo@montague.example/orchard'"
            + " to='juliet@capulet.example' id='m1' type='chat'><body>text 1</body></message>"
            + "</forwarded></result>",
        result(first).toString());
    assertEquals(
        "<fin xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'><first>"
            + id(1)
            + "</first><last>"
            + id(2)
            + "</last></set></fin>",
        reply.payload().toString());
  }

  @Test
  void theLastPageFlipped() {
    IqReply reply =
        ask(
            StanzaType.IQ_SET,
            "<query xmlns='urn:xmpp:mam:2'><flip-page/>"
                + "<set xmlns='http://jabber.org/protocol/rsm'><max>10</max><before/></set></query>");
    assertEquals(text(5, 3, 2, 1), ids(reply).toString());
    assertEquals("true", reply.payload().attribute("complete"));
    Element set = reply.payload().children().get(0);
    assertEquals(
        id(1) + " " + id(5), set.children().get(0).text() + " " + set.children().get(1).text());
  }

  @Test
  void whetherThereIsAnything() {
    String query =
        "<query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'><max>0</max>"
            + "</set></query>";
    IqReply reply = ask(StanzaType.IQ_SET, query);
    assertEquals(List.of(), reply.before());
    assertNull(reply.payload().attribute("complete"));
    owner.log.entries.clear();
    assertEquals("true", ask(StanzaType.IQ_SET, query).payload().attribute("complete"));
  }

  @Test
  void unknownIdsAreNotFound() {
    String query =
        "<query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'><after>%s"
            + "</after></set></query>";
    assertEquals(text(3, 5), ids(ask(StanzaType.IQ_SET, query.formatted(id(2)))).toString());
    for (long unknown : new long[] {id(2) + 1, id(4), id(6)}) {
      IqReply reply = ask(StanzaType.IQ_SET, query.formatted(unknown));
      assertEquals("item-not-found", reply.error().condition().xmlName());
      assertEquals(List.of(), reply.before());
    }
  }

  @Test
  void aPageWaitsForWhatWasAcceptedBefore() {
    owner.log.held = true;
    owner.archiving.received(
        account,
        Stanza.of(
            StanzaType.MESSAGE_CHAT,
            Given.ROMEO,
            Given.JULIET,
            "late",
            Element.of("jabber:client", "body", "late")),
        Archiving.Taker.CLIENT,
        0);
    Stanza iq = Stanza.of(StanzaType.IQ_SET, BALCONY, Given.JULIET, "1", Element.of(MAM, "query"));
    Future<IqReply> reply = dispatcher.answer(iq, IqTarget.OWN_ACCOUNT, account, session);
    assertFalse(reply.isComplete());
    owner.log.entries.add(owner.log.entries.get(0)); // would have come later
    owner.log.entries.set(
        6, new MailboxEntry(Long.MAX_VALUE - 1, 0, Given.ROMEO, false, true, false, new byte[0]));
    owner.log.appends.get(0).complete();
    assertEquals(5, reply.result().before().size());
  }

  @Test
  void anAccountSearchesOnceAtATime() {
    owner.log.held = true;
    Element body = Element.of("jabber:client", "body", "late text");
    Stanza late = Stanza.of(StanzaType.MESSAGE_CHAT, Given.ROMEO, Given.JULIET, "late", body);
    owner.archiving.received(account, late, Archiving.Taker.CLIENT, 0);
    IqDispatcher on = dispatcher("capulet.example", 10);
    Stanza iq =
        Stanza.of(StanzaType.IQ_SET, BALCONY, Given.JULIET, "1", Element.parse(search("text 1")));
    Future<IqReply> first = on.answer(iq, IqTarget.OWN_ACCOUNT, account, session);
    assertFalse(first.isComplete());
    IqReply second = ask(on, StanzaType.IQ_SET, IqTarget.OWN_ACCOUNT, search("text 2"));
    assertEquals("resource-constraint", second.error().condition().xmlName());
    owner.log.appends.get(0).complete();
    assertEquals(text(1), ids(first.result()).toString());
    IqReply third = ask(on, StanzaType.IQ_SET, IqTarget.OWN_ACCOUNT, search("text 2"));
    assertEquals(text(2), ids(third).toString());
  }

  @Test
  void whatIsThere() {
    assertEquals(
        "<metadata xmlns='urn:xmpp:mam:2'><start id='"
            + id(1)
            + "' timestamp='2020-09-13T12:26:40.001Z'/><end id='"
            + id(5)
            + "' timestamp='2020-09-13T12:26:40.005Z'/></metadata>",
        ask(StanzaType.IQ_GET, "<metadata xmlns='urn:xmpp:mam:2'/>").payload().toString());
    owner.log.entries.clear();
    assertEquals(
        "<metadata xmlns='urn:xmpp:mam:2'/>",
        ask(StanzaType.IQ_GET, "<metadata xmlns='urn:xmpp:mam:2'/>").payload().toString());
  }

  @Test
  void nobodyElseMayAsk() {
    for (String name : new String[] {"query", "prefs"}) {
      for (StanzaType type : new StanzaType[] {StanzaType.IQ_GET, StanzaType.IQ_SET}) {
        IqReply reply =
            ask(dispatcher, type, IqTarget.OTHER_ACCOUNT, "<" + name + " xmlns='urn:xmpp:mam:2'/>");
        assertEquals("forbidden", reply.error().condition().xmlName());
      }
    }
  }

  @Test
  void preferencesHoldAtOnceAndAreStored() {
    String prefs =
        "<prefs xmlns='urn:xmpp:mam:2' default='roster'><always><jid>romeo@montague.example</jid>"
            + "</always><never><jid>paris@capulet.example/x</jid></never></prefs>";
    assertEquals(
        "<prefs xmlns='urn:xmpp:mam:2' default='always'><always/><never/></prefs>",
        ask(StanzaType.IQ_GET, "<prefs xmlns='urn:xmpp:mam:2'/>").payload().toString());
    assertEquals(prefs, ask(StanzaType.IQ_SET, prefs).payload().toString());
    assertEquals(
        prefs, ask(StanzaType.IQ_GET, "<prefs xmlns='urn:xmpp:mam:2'/>").payload().toString());
    assertEquals(List.of(account.archive().policy()), stored);
  }

  @Test
  void preferencesThatAreNone() {
    assertEquals("bad-request", refused("<prefs xmlns='urn:xmpp:mam:2'/>"));
    assertEquals("bad-request", refused("<prefs xmlns='urn:xmpp:mam:2' default='sometimes'/>"));
    assertEquals(
        "jid-malformed",
        refused(
            "<prefs xmlns='urn:xmpp:mam:2' default='never'><always><jid>@@</jid></always></prefs>"));
    StringBuilder many = new StringBuilder();
    for (int i = 0; i <= ArchivePreferences.MAX_ADDRESSES; i++) {
      many.append("<jid>u").append(i).append("@a</jid>");
    }
    assertEquals(
        "resource-constraint",
        refused(
            "<prefs xmlns='urn:xmpp:mam:2' default='never'><never>" + many + "</never></prefs>"));
    assertEquals(List.of(), stored);
    assertEquals(ArchivePolicy.EVERYTHING, account.archive().policy());
  }

  private String refused(String prefs) {
    return ask(StanzaType.IQ_SET, prefs).error().condition().xmlName();
  }

  @Test
  void textIsSearchedForWhereThatIsOn() {
    IqDispatcher on = dispatcher("capulet.example", 10);
    IqReply reply = ask(on, StanzaType.IQ_SET, IqTarget.OWN_ACCOUNT, search("TEXT 3"));
    assertEquals(text(3), ids(reply).toString());
    reply = ask(on, StanzaType.IQ_SET, IqTarget.OWN_ACCOUNT, search("4"));
    assertEquals("[]", ids(reply).toString(), "it is not archived");
    reply = ask(StanzaType.IQ_SET, search("text"));
    assertEquals("feature-not-implemented", reply.error().condition().xmlName());
    ArchiveEnds ends = new ArchiveEnds(owner.log, mailbox, Set.of("capulet.example"));
    List<String> features =
        new MessageArchive(owner.log, ends, 10).manifest().accountFeatures(Given.JULIET);
    assertTrue(features.contains("urn:xmpp:fulltext:0"));
    features = new MessageArchive(owner.log, ends, 0).manifest().accountFeatures(Given.JULIET);
    assertFalse(features.contains("urn:xmpp:fulltext:0"));
  }

  @Test
  void whereTheArchiveIsOffItCanBeReadAndNotTurnedOn() {
    IqDispatcher off = dispatcher("another.example");
    IqReply reply =
        ask(off, StanzaType.IQ_SET, IqTarget.OWN_ACCOUNT, "<query xmlns='urn:xmpp:mam:2'/>");
    assertEquals(4, reply.before().size());
    String prefs = "<prefs xmlns='urn:xmpp:mam:2' default='always'/>";
    assertEquals(
        "not-allowed",
        ask(off, StanzaType.IQ_SET, IqTarget.OWN_ACCOUNT, prefs).error().condition().xmlName());
    assertEquals(
        "not-allowed",
        ask(off, StanzaType.IQ_GET, IqTarget.OWN_ACCOUNT, prefs).error().condition().xmlName());
    MessageArchive archive =
        new MessageArchive(
            owner.log, new ArchiveEnds(owner.log, mailbox, Set.of("capulet.example")), 0);
    assertTrue(archive.manifest().accountFeatures(Given.JULIET).contains(MAM));
    assertEquals(List.of(), archive.manifest().accountFeatures(Given.ROMEO.bare()));
  }
}
