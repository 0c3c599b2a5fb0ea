package io.rookery.router.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.RouterConfig.Contact;
import io.rookery.router.activity.LastActivityQueries;
import io.rookery.router.contact.ContactAddresses;
import io.rookery.router.contact.OutageStatus;
import io.rookery.router.disco.Disco;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.ping.Ping;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.time.EntityTime;
import io.rookery.router.version.Version;
import io.rookery.storage.activity.LastActivities;
import io.rookery.storage.activity.LastActivity;
import io.rookery.storage.roster.RosterItem.Subscription;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The small extensions: stanza in, answer out. */
class AnswersTest {
  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07.891Z");
  private static final Jid FRIEND = Given.ROMEO.bare();
  private static final Jid STRANGER = Jid.parse("paris@capulet.example");
  private static final String INFO = "http://jabber.org/protocol/disco#info";

  private final LiveAccount juliet =
      Given.account(
          Given.JULIET,
          true,
          Given.contact(FRIEND, Subscription.FROM),
          Given.contact(STRANGER, Subscription.TO));
  private Optional<LastActivity> last = Optional.empty();
  private Disco disco;
  private final IqDispatcher dispatcher = dispatcher();

  private IqDispatcher dispatcher() {
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    List<Extension> extensions =
        new ArrayList<>(
            List.of(
                new Version("1.2"),
                new Ping(),
                new EntityTime(clock),
                new LastActivityQueries(new Activities(), clock, NOW.minusSeconds(90)),
                new ContactAddresses(
                    Map.of(Contact.ABUSE, List.of(URI.create("mailto:abuse@capulet.example")))),
                new OutageStatus(List.of(URI.create("https://status.example/capulet.json")))));
    disco = new Disco(List.copyOf(extensions));
    extensions.add(disco);
    return new IqDispatcher(new Extensions(extensions));
  }

  private final class Activities implements LastActivities {
    @Override
    public Future<Optional<LastActivity>> find(Jid user) {
      return Future.succeededFuture(last);
    }

    @Override
    public Future<Void> record(Jid user, LastActivity activity) {
      throw new AssertionError("a question records nothing");
    }

    @Override
    public Future<Void> delete(Jid user) {
      throw new AssertionError("a question deletes nothing");
    }
  }

  private Stanza ask(Jid from, IqTarget target, Element query) {
    Stanza iq = Stanza.of(StanzaType.IQ_GET, from, Given.JULIET, "1", query);
    return dispatcher.answer(iq, target, juliet, null).result().to(iq);
  }

  private Element result(IqTarget target, String namespace, String name) {
    Stanza reply = ask(FRIEND, target, Element.of(namespace, name));
    assertEquals(StanzaType.IQ_RESULT, reply.type());
    return reply.payload().isEmpty() ? null : reply.payload().element(0);
  }

  private static String error(Stanza reply) {
    assertTrue(reply.isError(), reply::toString);
    return reply.payload().element(0).children().get(0).name();
  }

  @Test
  void versionSaysNothingOfTheMachine() {
    assertEquals(
        "<query xmlns='jabber:iq:version'><name>Rookery</name><version>1.2</version></query>",
        result(IqTarget.SERVER, "jabber:iq:version", "query").toString());
  }

  @Test
  void timeIsUtc() {
    assertEquals(
        "<time xmlns='urn:xmpp:time'><tzo>Z</tzo><utc>2026-03-04T05:06:07Z</utc></time>",
        result(IqTarget.SERVER, "urn:xmpp:time", "time").toString());
  }

  @ParameterizedTest
  @CsvSource({
    "urn:xmpp:ping, ping, SERVER, true",
    "urn:xmpp:ping, ping, OWN_ACCOUNT, true",
    "urn:xmpp:ping, ping, OTHER_ACCOUNT, false",
    "jabber:iq:version, query, OTHER_ACCOUNT, false",
    "urn:xmpp:time, time, OWN_ACCOUNT, false",
    "jabber:iq:last, query, SERVER, true",
    "http://jabber.org/protocol/disco#info, query, OTHER_ACCOUNT, true",
    "http://jabber.org/protocol/disco#items, query, SERVER, true",
    "http://jabber.org/protocol/disco#items, query, OWN_ACCOUNT, true",
  })
  void whoAnswersWhat(String namespace, String name, IqTarget target, boolean answered) {
    Stanza reply = ask(FRIEND, target, Element.of(namespace, name));
    if (answered) {
      assertEquals(StanzaType.IQ_RESULT, reply.type());
    } else if (!namespace.equals("jabber:iq:last")) {
      assertEquals("service-unavailable", error(reply));
    }
  }

  @Test
  void lastActivityOfTheServerIsItsUptime() {
    assertEquals("90", result(IqTarget.SERVER, "jabber:iq:last", "query").attribute("seconds"));
  }

  @Test
  void lastActivityOfAUserIsForThoseWhoSeeTheirPresence() {
    Element query = Element.of("jabber:iq:last", "query");
    assertEquals("item-not-found", error(ask(FRIEND, IqTarget.OTHER_ACCOUNT, query)));
    last = Optional.of(new LastActivity(NOW.minusSeconds(60), "gone"));
    assertEquals("forbidden", error(ask(STRANGER, IqTarget.OTHER_ACCOUNT, query)));
    Element answer = result(IqTarget.OTHER_ACCOUNT, "jabber:iq:last", "query");
    assertEquals("60", answer.attribute("seconds"));
    assertEquals("gone", answer.text());
    Given.session(juliet, "not-available");
    assertEquals(
        "60", result(IqTarget.OTHER_ACCOUNT, "jabber:iq:last", "query").attribute("seconds"));
    Given.available(juliet, "balcony", 0);
    assertEquals(
        "0", result(IqTarget.OTHER_ACCOUNT, "jabber:iq:last", "query").attribute("seconds"));
    assertEquals("forbidden", error(ask(STRANGER, IqTarget.OTHER_ACCOUNT, query)));
  }

  @Test
  void discoAnnouncesWhatTheManifestsSay() {
    Element info = result(IqTarget.SERVER, INFO, "query");
    Element identity = info.child(INFO, "identity");
    assertEquals("server im", identity.attribute("category") + " " + identity.attribute("type"));
    assertEquals("en", identity.lang());
    List<String> features =
        info.children(INFO, "feature").stream().map(e -> e.attribute("var")).toList();
    assertEquals(
        List.of(
            "http://jabber.org/protocol/disco#info",
            "http://jabber.org/protocol/disco#items",
            "jabber:iq:last",
            "jabber:iq:version",
            "urn:xmpp:ping",
            "urn:xmpp:time"),
        features);
    assertEquals("account registered", identity(result(IqTarget.OWN_ACCOUNT, INFO, "query")));
  }

  private static String identity(Element info) {
    Element identity = info.child(INFO, "identity");
    return identity.attribute("category") + " " + identity.attribute("type");
  }

  /** XEP-0232, XEP-0157 and XEP-0455. */
  @Test
  void softwareContactsAndTheStatusOfOutagesAreForms() {
    List<Element> forms = result(IqTarget.SERVER, INFO, "query").children("jabber:x:data", "x");
    assertEquals(
        List.of(
            List.of(
                "FORM_TYPE urn:xmpp:dataforms:softwareinfo",
                "software Rookery",
                "software_version 1.2"),
            List.of(
                "FORM_TYPE http://jabber.org/network/serverinfo",
                "abuse-addresses mailto:abuse@capulet.example"),
            List.of(
                "FORM_TYPE urn:xmpp:sos:0",
                "external-status-addresses https://status.example/capulet.json")),
        forms.stream().map(AnswersTest::fields).toList());
    assertEquals(
        List.of("result"), forms.stream().map(f -> f.attribute("type")).distinct().toList());
  }

  private static List<String> fields(Element form) {
    return form.children("jabber:x:data", "field").stream()
        .map(field -> field.attribute("var") + " " + field.children().get(0).text())
        .toList();
  }

  /** XEP-0115 and XEP-0390: what is told in short can be asked for by its names. */
  @Test
  void theServersCapabilitiesHaveNodes() {
    Element features =
        Element.parse(
            "<f>" + new String(disco.capabilities("capulet.example").features(), UTF_8) + "</f>");
    Element string = features.child("http://jabber.org/protocol/caps", "c");
    List<String> nodes = new ArrayList<>();
    nodes.add(string.attribute("node") + "#" + string.attribute("ver"));
    for (Element hash : features.child("urn:xmpp:caps", "c").children()) {
      nodes.add("urn:xmpp:caps#" + hash.attribute("algo") + "." + hash.text());
    }
    assertEquals(3, nodes.size());
    Element info = result(IqTarget.SERVER, INFO, "query");
    for (String node : nodes) {
      Element query = Element.of(INFO, "query").attribute("node", node);
      Stanza reply = ask(FRIEND, IqTarget.SERVER, query);
      assertEquals(info.attribute("node", node), reply.payload().element(0));
      assertEquals("item-not-found", error(ask(FRIEND, IqTarget.OWN_ACCOUNT, query)));
    }
  }

  @Test
  void discoOfAnAccountIsNotForStrangersAndHasNoNodes() {
    for (String what : List.of(INFO, "http://jabber.org/protocol/disco#items")) {
      Element query = Element.of(what, "query");
      assertEquals("service-unavailable", error(ask(STRANGER, IqTarget.OTHER_ACCOUNT, query)));
    }
    Element node = Element.of(INFO, "query").attribute("node", "x");
    assertEquals("item-not-found", error(ask(FRIEND, IqTarget.SERVER, node)));
  }
}
