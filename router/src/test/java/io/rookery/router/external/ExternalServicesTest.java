package io.rookery.router.external;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.RouterConfig;
import io.rookery.router.RouterConfig.ExternalService;
import io.rookery.router.RouterConfig.ExternalService.Type;
import io.rookery.router.dispatch.Extensions;
import io.rookery.router.dispatch.IqDispatcher;
import io.rookery.router.extension.IqTarget;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** XEP-0215: requests in, lists out. */
class ExternalServicesTest {
  private static final Jid ROMEO = Jid.parse("romeo@montague.example/orchard");
  private static final Jid SERVER = Jid.parse("montague.example");
  private static final String SECRET = "north";
  private static final RouterConfig.ExternalServices CONFIG =
      new RouterConfig.ExternalServices(
          List.of(
              new ExternalService(Type.STUN, "stun.example", 3478, "udp"),
              new ExternalService(Type.TURN, "turn.example", 3478, "udp"),
              new ExternalService(Type.TURN, "turn.example", 80, "tcp"),
              new ExternalService(Type.TURNS, "turn.example", 443, "tcp")),
          SECRET,
          Duration.ofSeconds(600));

  private final IqDispatcher dispatcher = dispatcher(CONFIG);

  private static IqDispatcher dispatcher(RouterConfig.ExternalServices config) {
    Clock clock = Clock.fixed(Instant.parse("2015-07-13T02:43:18.5Z"), ZoneOffset.UTC);
    return new IqDispatcher(
        new Extensions(List.of(new ExternalServices(config, Set.of("montague.example"), clock))));
  }

  private Stanza ask(Jid from, Element query) {
    return ask(dispatcher, from, query);
  }

  private static Stanza ask(IqDispatcher dispatcher, Jid from, Element query) {
    Stanza iq = Stanza.of(StanzaType.IQ_GET, from, SERVER, "1", query);
    return dispatcher.answer(iq, IqTarget.SERVER, null, null).result().to(iq);
  }

  private List<Element> services(Element query) {
    Stanza reply = ask(ROMEO, query);
    assertEquals(StanzaType.IQ_RESULT, reply.type());
    return reply.payload().element(0).children();
  }

  private static Element of(String name) {
    return Element.of(ExternalServices.NS, name);
  }

  private static String error(Stanza reply) {
    assertTrue(reply.isError(), reply::toString);
    return reply.payload().element(0).children().get(0).name();
  }

  private static String described(Element service) {
    return String.join(
        " ",
        service.attribute("type"),
        service.attribute("host"),
        service.attribute("port"),
        service.attribute("transport"),
        service.attribute("restricted"));
  }

  @Test
  void allAreListed() {
    List<Element> listed = services(of("services"));
    assertEquals(
        List.of(
            "stun stun.example 3478 udp null",
            "turn turn.example 3478 udp true",
            "turn turn.example 80 tcp true",
            "turns turn.example 443 tcp true"),
        listed.stream().map(ExternalServicesTest::described).toList());
    assertEquals(null, listed.get(0).attribute("username"));
    assertEquals("2015-07-13T02:53:18Z", listed.get(1).attribute("expires"));
  }

  @Test
  void credentialsAreAnAccountsOwnAndDoNotNameIt() {
    Element romeos = services(of("services")).get(1);
    assertTrue(romeos.attribute("username").matches("1436755998:[\\w-]{16}"), romeos::toString);
    assertEquals(
        romeos.attribute("username"), services(of("services")).get(2).attribute("username"));
    Stanza nurses = ask(Jid.parse("nurse@montague.example/a"), of("services"));
    Element others = nurses.payload().element(0).children().get(1);
    assertNotEquals(romeos.attribute("username"), others.attribute("username"));
    assertNotEquals(romeos.attribute("password"), others.attribute("password"));
  }

  /** Made with openssl: printf '1433895918:mbzrxpgjys' | openssl dgst -sha1 -hmac north -binary. */
  @Test
  void passwordsAreWhatTurnServersCompute() {
    Element turn = services(of("services")).get(1);
    assertEquals(
        TurnClient.password(SECRET, turn.attribute("username")), turn.attribute("password"));
    assertEquals(
        "d2Q1V6JRLjCTMOhoc8cTgEoi7u0=", TurnClient.password(SECRET, "1433895918:mbzrxpgjys"));
  }

  @Test
  void onlyTheWantedTypeIsListed() {
    assertEquals(2, services(of("services").attribute("type", "turn")).size());
    assertEquals(0, services(of("services").attribute("type", "ftp")).size());
  }

  @ParameterizedTest
  @CsvSource({"turn,, 2", "turn, 80, 1", "turns,, 1"})
  void credentialsAreGivenOnRequest(String type, String port, int found) {
    Element wanted =
        of("service")
            .attribute("host", "turn.example")
            .attribute("type", type)
            .attribute("port", port);
    List<Element> services = services(of("credentials").with(wanted));
    assertEquals(found, services.size());
    assertTrue(services.stream().allMatch(service -> service.attribute("password") != null));
  }

  @ParameterizedTest
  @CsvSource({
    "elsewhere.example, turn,, item-not-found",
    "turn.example, stun,, item-not-found",
    "stun.example, stun,, item-not-found",
    "turn.example, turn, 1, item-not-found",
    "turn.example,,, bad-request",
    ", turn,, bad-request",
  })
  void credentialsForNothingAreRefused(String host, String type, String port, String condition) {
    Element wanted =
        of("service").attribute("host", host).attribute("type", type).attribute("port", port);
    assertEquals(condition, error(ask(ROMEO, of("credentials").with(wanted))));
  }

  @Test
  void credentialsAreForOneServiceAtATime() {
    Element wanted = of("service").attribute("host", "turn.example").attribute("type", "turn");
    assertEquals("bad-request", error(ask(ROMEO, of("credentials"))));
    assertEquals("bad-request", error(ask(ROMEO, of("credentials").with(wanted, wanted))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"romeo@elsewhere.example/a", "montague.example", "elsewhere.example"})
  void onlyUsersOfTheServiceAreTold(String from) {
    assertEquals("forbidden", error(ask(Jid.parse(from), of("services"))));
    assertEquals("forbidden", error(ask(Jid.parse(from), of("credentials"))));
  }

  @Test
  void withoutServicesThereIsNothingToAskFor() {
    IqDispatcher none = dispatcher(RouterConfig.ExternalServices.NONE);
    assertEquals("service-unavailable", error(ask(none, ROMEO, of("services"))));
  }

  @Test
  void theSecretIsNeededAndNotShown() {
    assertFalse(CONFIG.toString().contains(SECRET), CONFIG::toString);
    assertThrows(
        IllegalArgumentException.class,
        () -> new RouterConfig.ExternalServices(CONFIG.services(), "", Duration.ofHours(1)));
  }
}
