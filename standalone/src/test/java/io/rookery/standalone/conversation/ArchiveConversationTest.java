package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The archive of an account (XEP-0313), its preferences (XEP-0441) and hints (XEP-0334). */
@Conversation
class ArchiveConversationTest {
  private static final String MAM = "urn:xmpp:mam:2";
  private static final String RSM = "http://jabber.org/protocol/rsm";
  private static final String SID = "urn:xmpp:sid:0";
  private static final String FORWARD = "urn:xmpp:forward:0";

  /** What came of a query: the entries in the order they came, and the end. */
  private record Page(List<Element> results, Element fin) {
    List<String> bodies() {
      return results.stream().map(Page::body).toList();
    }

    List<String> ids() {
      return results.stream().map(result -> result.attribute("id")).toList();
    }

    private static String body(Element result) {
      return forwarded(result).child("body").map(Element::text).orElse("");
    }

    static Element forwarded(Element result) {
      return result
          .child("forwarded", FORWARD)
          .flatMap(forwarded -> forwarded.child("message", Client.CLIENT))
          .orElseThrow();
    }

    String first() {
      return fin.child("set", RSM).flatMap(set -> set.child("first")).orElseThrow().text();
    }

    String last() {
      return fin.child("set", RSM).flatMap(set -> set.child("last")).orElseThrow().text();
    }

    boolean isComplete() {
      return "true".equals(fin.attribute("complete"));
    }
  }

  private static Page page(Client client, String query) {
    Element reply = client.asks("set", null, query(query), r -> r.type("result"));
    List<Element> results = new ArrayList<>();
    for (Element stanza : client.settles()) {
      client.expects(stanza, m -> m.from(client.bare()).to(client).has("result", MAM));
      results.add(stanza.child("result", MAM).orElseThrow());
    }
    return new Page(results, reply.child("fin", MAM).orElseThrow());
  }

  private static String query(String content) {
    return "<query xmlns='urn:xmpp:mam:2'>" + content + "</query>";
  }

  private static String set(String content) {
    return "<set xmlns='" + RSM + "'>" + content + "</set>";
  }

  private static String form(String... namesAndValues) {
    StringBuilder form =
        new StringBuilder("<x xmlns='jabber:x:data' type='submit'>")
            .append("<field var='FORM_TYPE'><value>urn:xmpp:mam:2</value></field>");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      form.append("<field var='").append(namesAndValues[i]).append("'>");
      for (String value : namesAndValues[i + 1].split(" ")) {
        form.append("<value>").append(value).append("</value>");
      }
      form.append("</field>");
    }
    return form.append("</x>").toString();
  }

  private static void says(Client from, Object to, String text) {
    from.sends("<message to='%s' type='chat' id='%s'><body>%s</body></message>", to, text, text);
  }

  private static void hears(Client client, String text) {
    client.receives("message", m -> m.body(text));
  }

  /** Romeo and juliet in turns: r1, j2, r3 … */
  private static void dialogue(Client romeo, Client juliet, int messages) {
    for (int i = 1; i <= messages; i++) {
      Client from = i % 2 == 1 ? romeo : juliet;
      Client to = from == romeo ? juliet : romeo;
      String text = (from == romeo ? "r" : "j") + i;
      says(from, to.bare(), text);
      hears(to, text);
    }
  }

  @Test
  void aNewDeviceReadsTheHistory(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    dialogue(romeo, juliet, 3);
    Client garden = given.connected("juliet", "garden");
    Page page = page(garden, "");
    assertEquals(List.of("r1", "j2", "r3"), page.bodies());
    assertTrue(page.isComplete());
    assertEquals(page.ids().get(0), page.first());
    assertEquals(page.ids().get(2), page.last());
    garden.expects(
        Page.forwarded(page.results().get(0)),
        m ->
            m.from(romeo)
                .to(juliet.bare())
                .id("r1")
                .has("stanza-id", SID, s -> s.attribute("id", page.first())));
    garden.expects(
        Page.forwarded(page.results().get(1)),
        m -> m.from(juliet).to(romeo.bare()).id("j2").hasNot("stanza-id", SID));
    Element forwarded = page.results().get(0).child("forwarded", FORWARD).orElseThrow();
    garden.expects(
        forwarded,
        f ->
            f.has(
                "delay",
                "urn:xmpp:delay",
                d -> d.that("a stamp", e -> Instant.parse(e.attribute("stamp")) != null)));
  }

  @Test
  void theHistoryPageByPage(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    dialogue(romeo, juliet, 7);
    Client garden = given.connected("juliet", "garden");

    Page first = page(garden, set("<max>3</max>"));
    assertEquals(List.of("r1", "j2", "r3"), first.bodies());
    Page second = page(garden, set("<max>3</max><after>" + first.last() + "</after>"));
    assertEquals(List.of("j4", "r5", "j6"), second.bodies());
    Page third = page(garden, set("<max>3</max><after>" + second.last() + "</after>"));
    assertEquals(List.of("r7"), third.bodies());
    assertEquals(
        List.of(false, false, true),
        List.of(first.isComplete(), second.isComplete(), third.isComplete()));

    Page last = page(garden, set("<max>3</max><before/>"));
    assertEquals(List.of("r5", "j6", "r7"), last.bodies());
    Page before = page(garden, set("<max>4</max><before>" + last.first() + "</before>"));
    assertEquals(List.of("r1", "j2", "r3", "j4"), before.bodies());
    assertTrue(before.isComplete());
    Page flipped = page(garden, set("<max>3</max><before/>") + "<flip-page/>");
    assertEquals(List.of("r7", "j6", "r5"), flipped.bodies());
    assertEquals(last.first(), flipped.first());
    Page none = page(garden, set("<max>0</max>"));
    assertEquals(List.of(), none.bodies());
  }

  @Test
  void whoAndWhen(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client nurse = given.client("nurse", "kitchen");
    Client juliet = given.client("juliet", "balcony");
    says(nurse, juliet.bare(), "n1");
    hears(juliet, "n1");
    dialogue(romeo, juliet, 4);
    says(nurse, juliet.bare(), "n2");
    hears(juliet, "n2");
    says(juliet, juliet.bare(), "note");
    hears(juliet, "note");
    assertEquals(List.of("n1", "r1", "j2", "r3", "j4", "n2", "note"), page(juliet, "").bodies());
    assertEquals(
        List.of("r1", "j2", "r3", "j4"), page(juliet, form("with", romeo.bare())).bodies());
    assertEquals(List.of("r1", "r3"), page(juliet, form("with", romeo.toString())).bodies());
    assertEquals(List.of("note"), page(juliet, form("with", juliet.bare())).bodies());
    assertEquals(List.of(), page(juliet, form("with", "paris@" + juliet.domain())).bodies());
    Page backwards = page(juliet, form("with", nurse.bare()) + set("<max>1</max><before/>"));
    assertEquals(List.of("n2"), backwards.bodies());

    List<Element> all = page(juliet, "").results();
    String from = stamp(all.get(2));
    String to = stamp(all.get(4));
    assertTrue(
        page(juliet, form("start", from, "end", to))
            .bodies()
            .containsAll(List.of("j2", "r3", "j4")));
    assertEquals(List.of(), page(juliet, form("end", "2001-01-01T00:00:00Z")).bodies());
    assertEquals(List.of(), page(juliet, form("start", "2201-01-01T00:00:00Z")).bodies());
    String second = all.get(1).attribute("id");
    String fifth = all.get(4).attribute("id");
    assertEquals(
        List.of("j2", "r3"), page(juliet, form("after-id", second, "before-id", fifth)).bodies());
    assertEquals(List.of("r1", "j4"), page(juliet, form("ids", fifth + " " + second)).bodies());
  }

  /** XEP-0431, in services where it is on. */
  @Test
  void whatWasSaid(Cast given) throws Exception {
    String fullText = "{urn:xmpp:fulltext:0}fulltext";
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    assumeTrue(features(juliet).contains("urn:xmpp:fulltext:0"), "no search");
    Element form = fields(juliet);
    assertTrue(form.children().stream().anyMatch(field -> fullText.equals(field.attribute("var"))));
    List<String> texts =
        List.of("Wherefore art thou, Romeo?", "the Straße at noon", "Art for noon", "ROMEO: art");
    for (String text : texts) {
      says(romeo, juliet.bare(), text);
      hears(juliet, text);
    }
    romeo.sends(
        "<message to='%s' type='chat'><body>art that is encrypted</body>"
            + "<encryption xmlns='urn:xmpp:eme:0' namespace='urn:x'/></message>",
        juliet.bare());
    hears(juliet, "art that is encrypted");
    says(juliet, juliet.bare(), "my art");
    hears(juliet, "my art");
    assertEquals(
        List.of(texts.get(0), texts.get(2), texts.get(3), "my art"),
        page(juliet, form(fullText, "ART")).bodies());
    assertEquals(
        List.of(texts.get(0), texts.get(3)),
        page(juliet, form(fullText, "art\u00a0romeo")).bodies());
    assertEquals(List.of(texts.get(1)), page(juliet, form(fullText, "STRASSE")).bodies());
    assertEquals(List.of(), page(juliet, form(fullText, "encrypted")).bodies());
    assertEquals(6, page(juliet, form(fullText, "")).bodies().size());
    String withRomeo = form(fullText, "art", "with", romeo.bare());
    Page last = page(juliet, withRomeo + set("<max>2</max><before/>"));
    assertEquals(List.of(texts.get(2), texts.get(3)), last.bodies());
    assertFalse(last.isComplete());
    Page first = page(juliet, withRomeo + set("<max>2</max><before>" + last.first() + "</before>"));
    assertEquals(List.of(texts.get(0)), first.bodies());
    assertTrue(first.isComplete());
    String tooLong = query(form(fullText, "x".repeat(300)));
    juliet.asks("set", null, tooLong, r -> r.error("policy-violation"));
  }

  private static String stamp(Element result) {
    return result
        .child("forwarded", FORWARD)
        .flatMap(forwarded -> forwarded.child("delay", "urn:xmpp:delay"))
        .orElseThrow()
        .attribute("stamp");
  }

  @Test
  void whatIsNotThereIsNotFound(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    dialogue(romeo, juliet, 1);
    String juliets = page(juliet, "").first();
    for (String query :
        List.of(
            set("<after>unknown</after>"),
            set("<before>1234567</before>"),
            form("after-id", "1234567"),
            form("before-id", "x"),
            form("ids", juliets + " 1234567"))) {
      juliet.asks("set", null, query(query), r -> r.error("item-not-found"));
    }
    juliet.asks("set", null, query(set("<max>-1</max>")), r -> r.error("bad-request"));
    juliet.asks("set", null, query(set("<max>x</max>")), r -> r.error("bad-request"));
    juliet.asks("set", null, query(form("color", "red")), r -> r.error("feature-not-implemented"));
    juliet.asks("set", null, query(form("start", "yesterday")), r -> r.error("bad-request"));
    juliet.asks("set", null, query(form().replace("mam:2", "mam:1")), r -> r.error("bad-request"));
    juliet.receivesNothing();
  }

  @Test
  void onlyTheUserMayAsk(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    given.befriend(romeo, juliet);
    romeo.asks("set", juliet.bare(), query(""), r -> r.error("forbidden"));
    romeo.asks("get", juliet.bare(), query(""), r -> r.error("forbidden"));
    String metadata = "<metadata xmlns='urn:xmpp:mam:2'/>";
    romeo.asks("get", juliet.bare(), metadata, r -> r.error("forbidden"));
    String prefs = "<prefs xmlns='urn:xmpp:mam:2' default='never'/>";
    romeo.asks("set", juliet.bare(), prefs, r -> r.error("forbidden"));
    romeo.asks("set", romeo.domain(), query(""), r -> r.error("service-unavailable"));
    juliet.receivesNothing();
  }

  @Test
  void theArchiveDescribesItself(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    String metadata = "<metadata xmlns='urn:xmpp:mam:2'/>";
    juliet.asks(
        "get",
        juliet.bare(),
        metadata,
        r -> r.has("metadata", MAM, m -> m.that("empty", e -> e.children().isEmpty())));
    dialogue(romeo, juliet, 3);
    Page all = page(juliet, "");
    juliet.asks(
        "get",
        juliet.bare(),
        metadata,
        r ->
            r.has(
                "metadata",
                MAM,
                m ->
                    m.has(
                            "start",
                            MAM,
                            s ->
                                s.attribute("id", all.first())
                                    .attribute("timestamp", stamp(all.results().get(0))))
                        .has("end", MAM, e -> e.attribute("id", all.last()))));
    assertTrue(
        fields(juliet).children().stream()
            .map(field -> field.attribute("var"))
            .toList()
            .containsAll(List.of("with", "start", "end", "before-id", "after-id", "ids")));
    assertTrue(features(juliet).containsAll(List.of(MAM, MAM + "#extended", SID)));
  }

  private static Element fields(Client client) {
    return client
        .asks("get", null, query(""), r -> r.type("result"))
        .child("query", MAM)
        .flatMap(query -> query.child("x", "jabber:x:data"))
        .orElseThrow();
  }

  private static Set<String> features(Client client) {
    Element info =
        client
            .asks("get", client.bare(), "<query xmlns='http://jabber.org/protocol/disco#info'/>")
            .children()
            .get(0);
    return info.children().stream()
        .map(feature -> feature.attribute("var"))
        .collect(Collectors.toSet());
  }

  @Test
  void hintsAreFollowed(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    String message = "<message to='%s' type='chat'>%s<%s xmlns='urn:xmpp:hints'/></message>";
    romeo.sends(message, juliet.bare(), "<body>secret</body>", "no-store");
    romeo.sends(message, juliet.bare(), "<body>off the record</body>", "no-permanent-store");
    romeo.sends(message, juliet.bare(), "<sealed xmlns='urn:rookery:test:sealed'/>", "store");
    romeo.sends(
        "<message to='%s' type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/>"
            + "</message>",
        juliet.bare());
    romeo.sends(
        "<message to='%s' type='chat'><received xmlns='urn:xmpp:receipts' id='1'/></message>",
        juliet.bare());
    assertEquals(5, juliet.settles().size());
    Page page = page(juliet, "");
    assertEquals(2, page.results().size());
    juliet.expects(
        Page.forwarded(page.results().get(0)), m -> m.has("sealed", "urn:rookery:test:sealed"));
    juliet.expects(
        Page.forwarded(page.results().get(1)), m -> m.has("received", "urn:xmpp:receipts"));
    assertEquals(2, page(romeo, "").results().size());
  }

  /** What is off the record waits for a user who is away, and is not in the archive then. */
  @Test
  void offTheRecordIsNotLost(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Account juliet = given.user("juliet");
    romeo.sends(
        "<message to='%s' type='chat'><body>psst</body>"
            + "<no-permanent-store xmlns='urn:xmpp:hints'/></message>",
        juliet.bare());
    says(romeo, juliet.bare(), "aloud");
    romeo.receivesNothing();
    Client balcony = given.connected("juliet", "balcony");
    balcony.sends("<presence/>");
    hears(balcony, "psst");
    hears(balcony, "aloud");
    balcony.receives("presence", p -> p.from(balcony));
    assertEquals(List.of("aloud"), page(balcony, "").bodies());
  }

  @Test
  void whoIsNotToBeArchivedIsNot(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client nurse = given.client("nurse", "kitchen");
    Client juliet = given.client("juliet", "balcony");
    juliet.asks(
        "get",
        null,
        "<prefs xmlns='urn:xmpp:mam:2'/>",
        r -> r.has("prefs", MAM, p -> p.attribute("default", "always").has("always", MAM)));
    juliet.asks("set", null, prefs("always", "", romeo.bare()), r -> r.type("result"));
    dialogue(romeo, juliet, 2);
    says(nurse, juliet.bare(), "n1");
    hears(juliet, "n1");
    assertEquals(List.of("n1"), page(juliet, "").bodies());
    assertEquals(List.of("r1", "j2"), page(romeo, "").bodies());

    juliet.asks("set", null, prefs("roster", "", ""), r -> r.type("result"));
    given.subscribe(juliet, romeo);
    given.settle();
    says(romeo, juliet.bare(), "friend");
    says(nurse, juliet.bare(), "n2");
    assertEquals(2, juliet.settles().size());
    assertEquals(List.of("n1", "friend"), page(juliet, "").bodies());

    juliet.asks("set", null, prefs("never", nurse.bare(), ""), r -> r.type("result"));
    juliet.leaves();
    says(romeo, juliet.bare(), "unseen");
    says(nurse, juliet.bare(), "n3");
    romeo.settles();
    nurse.settles();
    Client garden = given.connected("juliet", "garden");
    garden.sends("<presence/>");
    hears(garden, "unseen");
    hears(garden, "n3");
    garden.settles();
    assertEquals(List.of("n1", "friend", "n3"), page(garden, "").bodies());
    garden.asks("set", null, prefs("sometimes", "", ""), r -> r.error("bad-request"));
    garden.asks("set", null, prefs("never", "@@", ""), r -> r.error("jid-malformed"));
  }

  private static String prefs(String others, String always, String never) {
    return "<prefs xmlns='urn:xmpp:mam:2' default='%s'><always>%s</always><never>%s</never></prefs>"
        .formatted(others, jid(always), jid(never));
  }

  private static String jid(String address) {
    return address.isEmpty() ? "" : "<jid>" + address + "</jid>";
  }

  /**
   * The archive and what was said about it are there after a restart, and gone with the account.
   */
  @Test
  void itIsKeptUntilTheAccountGoes(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    dialogue(romeo, juliet, 2);
    juliet.asks("set", null, prefs("never", "", ""), r -> r.type("result"));
    romeo.leaves();
    juliet.leaves();
    given.service().restart();
    Client again = given.client("juliet", "balcony");
    assertEquals(List.of("r1", "j2"), page(again, "").bodies());
    Client romeoAgain = given.client("romeo", "phone");
    says(romeoAgain, again.bare(), "r3");
    hears(again, "r3");
    assertEquals(List.of("r1", "j2"), page(again, "").bodies());

    Account account = given.user("juliet");
    again.sends(
        "<iq type='set' id='gone'><query xmlns='jabber:iq:register'><remove/></query></iq>");
    again.receives("iq", r -> r.id("gone").type("result"));
    again.isDisconnected();
    Client anew = given.secured("juliet");
    Cast.registersAgain(anew, account);
    anew.leaves();
    Client empty = given.client("juliet", "balcony");
    assertEquals(List.of(), page(empty, "").bodies());
    empty.asks(
        "get",
        null,
        "<prefs xmlns='urn:xmpp:mam:2'/>",
        r -> r.has("prefs", MAM, p -> p.attribute("default", "always")));
  }
}
