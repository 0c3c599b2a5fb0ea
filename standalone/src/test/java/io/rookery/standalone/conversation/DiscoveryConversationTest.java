package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.cluster.ClusterConfig.Role;
import io.rookery.connector.StreamFeature;
import io.rookery.connector.StreamFeature.Step;
import io.rookery.protocol.jid.Jid;
import io.rookery.router.extension.Manifest;
import io.rookery.standalone.config.ConfigLoader;
import io.rookery.standalone.supported.RunningManifests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the service says of itself is what its code declares, no less and no more. */
@Conversation
class DiscoveryConversationTest {
  private static final String INFO = "http://jabber.org/protocol/disco#info";
  private static final String FORMS = "jabber:x:data";
  private static final String CAPS = "http://jabber.org/protocol/caps";
  private static final String CAPS_2 = "urn:xmpp:caps";
  private static final String SERVICES = "urn:xmpp:extdisco:2";

  private static List<Manifest> manifests;

  @BeforeAll
  static void readManifests(@TempDir Path directory) throws Exception {
    String common = RookeryProcesses.common(directory, Ports.freeAddress());
    Path file = Files.writeString(directory.resolve("common.yml"), common);
    var config = new ConfigLoader(Map.of()).load(Role.STANDALONE, Optional.of(file));
    manifests = RunningManifests.of(config.router(), "any");
  }

  private static Set<String> declared(Function<Manifest, Collection<String>> what) {
    return manifests.stream()
        .flatMap(manifest -> what.apply(manifest).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Element info(Client client, String of) {
    return info(client, of, "");
  }

  private static Element info(Client client, String of, String attributes) {
    return client
        .asks("get", of, "<query xmlns='" + INFO + "'" + attributes + "/>", r -> r.type("result"))
        .child("query", INFO)
        .orElseThrow();
  }

  private static Set<String> features(Element of, String namespace) {
    return of.children("feature", namespace).stream()
        .map(feature -> feature.attribute("var"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** XEP-0030, XEP-0128. */
  @Test
  void theServersFeaturesAreThoseOfTheManifests(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Element info = info(romeo, romeo.domain());
    assertEquals(declared(Manifest::serverFeatures), features(info, INFO));
    Set<String> forms =
        info.children("x", FORMS).stream()
            .map(form -> form.child("field").flatMap(f -> f.child("value")).orElseThrow().text())
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(
        declared(
            manifest ->
                manifest.serverForms().stream()
                    .map(form -> form.child(FORMS, "field").child(FORMS, "value").text())
                    .toList()),
        forms);
  }

  @Test
  void anAccountsFeaturesAreThoseOfTheManifests(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Element info = info(romeo, romeo.bare());
    Jid account = Jid.parse(romeo.bare());
    assertEquals(declared(manifest -> manifest.accountFeatures(account)), features(info, INFO));
    Set<String> identities =
        declared(
            manifest ->
                manifest.accountIdentities().stream()
                    .map(identity -> identity.category() + "/" + identity.type())
                    .toList());
    identities.add("account/registered");
    assertEquals(
        identities,
        info.children("identity", INFO).stream()
            .map(identity -> identity.attribute("category") + "/" + identity.attribute("type"))
            .collect(Collectors.toSet()));
  }

  /** RFC 6120, section 4.3.2. */
  @Test
  void theFeaturesOfStreamsAreThoseDeclared(Cast given) throws Exception {
    assertEquals(
        declared(Step.BEFORE_TLS), offered(given.connection("romeo").opensStream().features()));
    assertEquals(declared(Step.BEFORE_LOGIN), offered(given.secured("romeo").features()));
    assertEquals(declared(Step.AFTER_LOGIN), offered(given.authenticated("romeo").features()));
    Client romeo = given.secured("romeo");
    romeo.logsIn(given.user("romeo"), Mechanism.SCRAM_SHA_1, "<bind xmlns='urn:xmpp:bind:0'/>");
    assertEquals(declared(Step.BOUND), offered(romeo.features()));
  }

  private static Set<String> declared(Step step) {
    return StreamFeature.ALL.stream()
        .filter(feature -> feature.steps().contains(step))
        .map(feature -> feature.name() + " " + feature.namespace())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> offered(Element features) {
    return features.children().stream()
        .map(feature -> feature.localName() + " " + feature.namespace())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** XEP-0386. */
  @Test
  void whatCanBeAskedForInBindingIsOfTheManifests(Cast given) throws Exception {
    Element inline =
        given
            .secured("romeo")
            .features()
            .child("authentication", Client.SASL_2)
            .flatMap(authentication -> authentication.child("inline"))
            .flatMap(offer -> offer.child("bind", "urn:xmpp:bind:0"))
            .flatMap(bind -> bind.child("inline"))
            .orElseThrow();
    Set<String> declared =
        declared(
            manifest -> manifest.bindRoutes().stream().map(Manifest.BindRoute::feature).toList());
    declared.addAll(Set.of("urn:xmpp:sm:3", "urn:xmpp:csi:0")); // of connectors
    assertEquals(declared, features(inline, "urn:xmpp:bind:0"));
  }

  /** XEP-0115, section 6.3; XEP-0390, sections 5.2 and 5.5. */
  @Test
  void theServersCapabilitiesAreToldInShort(Cast given) throws Exception {
    Client romeo = given.authenticated("romeo");
    Element string = romeo.features().child("c", CAPS).orElseThrow();
    Element hashes = romeo.features().child("c", CAPS_2).orElseThrow();
    romeo.binds("phone");
    List<Element> usual = info(romeo, romeo.domain()).children();
    List<String> nodes =
        Stream.concat(
                Stream.of(string.attribute("node") + "#" + string.attribute("ver")),
                hashes.children("hash", "urn:xmpp:hashes:2").stream()
                    .map(hash -> CAPS_2 + "#" + hash.attribute("algo") + "." + hash.text()))
            .toList();
    assertEquals(3, nodes.size());
    for (String node : nodes) {
      Element info = info(romeo, romeo.domain(), " node='" + node + "'");
      assertEquals(node, info.attribute("node"));
      assertEquals(usual, info.children());
    }
    String other = CAPS_2 + "#sha-256.u79ZroNJbdSWhdSp311mddz44oHHPsEBntQ5b1jqBSY=";
    romeo.asks(
        "get",
        romeo.domain(),
        "<query xmlns='" + INFO + "' node='" + other + "'/>",
        r -> r.error("item-not-found"));
  }

  /** XEP-0215, section 3.1. */
  @Test
  void externalServicesComeWithCredentials(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    List<Element> services =
        romeo
            .asks("get", romeo.domain(), "<services xmlns='" + SERVICES + "'/>")
            .child("services", SERVICES)
            .orElseThrow()
            .children();
    assertEquals(List.of("stun", "turn"), services.stream().map(s -> s.attribute("type")).toList());
    romeo.expects(services.get(0), s -> s.attribute("host", "127.0.0.1").attribute("port", "3478"));
    Element turn = services.get(1);
    romeo.expects(turn, s -> s.attribute("transport", "tcp").attribute("restricted", "true"));
    assertTrue(turn.attribute("username").matches("\\d+:.+"), turn::toString);
    Instant expires = Instant.parse(turn.attribute("expires"));
    assertTrue(expires.isAfter(Instant.now().plus(Duration.ofHours(11))), turn::toString);
  }

  /** XEP-0215, section 3.3. */
  @Test
  void credentialsAreAskedForByService(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    String start = "<credentials xmlns='" + SERVICES + "'><service type='turn' ";
    romeo.asks(
        "get",
        romeo.domain(),
        start + "host='127.0.0.1'/></credentials>",
        r ->
            r.type("result")
                .has(
                    "credentials",
                    SERVICES,
                    c ->
                        c.has(
                            "service",
                            SERVICES,
                            s -> s.that("a password", e -> e.attribute("password") != null))));
    romeo.asks(
        "get",
        romeo.domain(),
        start + "host='elsewhere.example'/></credentials>",
        r -> r.error("item-not-found"));
    romeo.asks("get", romeo.domain(), start + "/></credentials>", r -> r.error("bad-request"));
    romeo.asks(
        "get",
        romeo.bare(),
        start + "host='127.0.0.1'/></credentials>",
        r -> r.error("service-unavailable"));
  }
}
