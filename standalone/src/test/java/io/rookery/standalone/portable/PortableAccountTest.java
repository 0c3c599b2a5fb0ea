package io.rookery.standalone.portable;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.xml.Element;
import io.rookery.router.pubsub.Limits;
import io.rookery.router.pubsub.PortableNodes;
import io.rookery.router.sasl.Password;
import io.rookery.router.sasl.PasswordKeys;
import io.rookery.storage.account.ScramKeys;
import io.rookery.storage.mailbox.MailboxEntry;
import io.rookery.storage.pubsub.StoredNode;
import io.rookery.storage.roster.RosterItem;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Parts of accounts as XML and back. */
class PortableAccountTest {
  private static final Jid JULIET = Jid.parse("juliet@capulet.example");
  private static final Jid ROMEO = Jid.parse("romeo@montague.example");

  @Test
  void credentials() {
    Password password = Password.of("r0m30").orElseThrow();
    for (ScramKeys keys : new PasswordKeys(new SecureRandom(), 4096).derive(password).values()) {
      ScramKeys read = Credentials.read(Credentials.element(keys)).orElseThrow();
      assertTrue(PasswordKeys.matches(password, read), keys.hash().scramName());
      assertArrayEquals(keys.serverKey(), read.serverKey());
      ScramKeys twice = Credentials.read(twice(Credentials.element(keys))).orElseThrow();
      assertTrue(PasswordKeys.matches(password, twice), "as ejabberd writes them");
    }
  }

  private static Element twice(Element credentials) {
    Element all = Element.of(Names.SCRAM, "scram-credentials");
    all = all.attribute("mechanism", credentials.attribute("mechanism"));
    for (Element child : credentials.children()) {
      String text = child.text();
      String encoded =
          child.name().equals("iter-count")
              ? text
              : Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
      all = all.with(Element.of(Names.SCRAM, child.name(), encoded));
    }
    return all;
  }

  @Test
  void credentialsThatAreNone() {
    String good =
        "<scram-credentials xmlns='urn:xmpp:pie:0#scram' mechanism='SCRAM-SHA-1'>"
            + "<iter-count>4096</iter-count><salt>QSXCR+Q6sek8bf92</salt>"
            + "<server-key>D+CSWLOshSulAsxiupA+qs2/fTE=</server-key>"
            + "<stored-key>6dlGYMOdZcOPutkcNY8U2g7vK9Y=</stored-key></scram-credentials>";
    assertTrue(Credentials.read(Element.parse(good)).isPresent());
    for (String[] change :
        new String[][] {
          {"SHA-1'", "SHA-3'"},
          {"4096", "0"},
          {"4096", "-1"},
          {"4096", "999999999"},
          {"4096", ""},
          {"QSXCR+Q6sek8bf92", ""},
          {"D+CS", ""},
          {"6dlG", "!!!!"},
          {"6dlG", "6dlG6dlG"},
          {"salt", "sugar"}
        }) {
      assertTrue(
          Credentials.read(Element.parse(good.replace(change[0], change[1]))).isEmpty(), change[1]);
    }
  }

  @Test
  void contacts() {
    RosterItem item =
        new RosterItem(
            ROMEO,
            "Romeo & <more>",
            RosterItem.Subscription.FROM,
            true,
            true,
            null,
            false,
            Set.of("Friends", "Verona"));
    assertEquals(item, RosterXml.item(RosterXml.item(item), JULIET).orElseThrow());
    assertTrue(RosterXml.item(RosterXml.item(item), ROMEO).isEmpty(), "oneself");
    assertTrue(
        RosterXml.item(Element.parse("<item xmlns='jabber:iq:roster' jid='@'/>"), JULIET)
            .isEmpty());
  }

  @Test
  void subscriptionRequests() {
    String presence =
        "<presence xmlns='jabber:client' from='romeo@montague.example/orchard' type='subscribe'>"
            + "<nick xmlns='http://jabber.org/protocol/nick'>Romeo</nick></presence>";
    Stanza request = RosterXml.request(Element.parse(presence), JULIET).orElseThrow();
    assertEquals(ROMEO, request.from());
    assertEquals(JULIET, request.to());
    IncomingRoster roster = new IncomingRoster(1);
    assertTrue(roster.add(request));
    RosterItem hidden = roster.all().get(0);
    assertTrue(hidden.hidden());
    assertEquals("Romeo", RosterXml.request(hidden).children().get(0).text());
    String prosody = presence.replace("xmlns='jabber:client'", "xmlns='urn:xmpp:pie:0'");
    Stanza repaired = RosterXml.request(Element.parse(prosody), JULIET).orElseThrow();
    assertArrayEquals(request.toBytes(), repaired.toBytes());
    assertTrue(roster.add(item(RosterItem.Subscription.BOTH)));
    assertNull(roster.all().get(0).pendingIn(), "it was granted");
    assertFalse(roster.add(Stanza.parse("<presence from='a@b' type='subscribe'/>".getBytes())));
    assertTrue(
        RosterXml.request(Element.parse(presence.replace("subscribe'", "available'")), JULIET)
            .isEmpty());
  }

  private static RosterItem item(RosterItem.Subscription subscription) {
    return new RosterItem(ROMEO, null, subscription, false, false, null, false, Set.of());
  }

  private static Element result(String id, String stamp, String message) {
    return Element.parse(
        "<result xmlns='urn:xmpp:mam:2' id='"
            + id
            + "'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='"
            + stamp
            + "'/>"
            + message
            + "</forwarded></result>");
  }

  @Test
  void archivedMessages() {
    String text =
        "<message xmlns='jabber:client' from='romeo@montague.example/o' to='juliet@capulet.example'"
            + " type='chat' xml:lang='en'><body>\u00e9</body>"
            + "<stanza-id xmlns='urn:xmpp:sid:0' by='juliet@capulet.example' id='forged'/></message>";
    Element result = result("x", "2010-07-10T23:08:25.5+02:00", text);
    PortableMessage message = PortableMessage.ofArchive(result, JULIET).orElseThrow();
    assertEquals("x", message.id());
    assertEquals(Instant.parse("2010-07-10T21:08:25.500Z"), message.stamp());
    long id = message.stamp().toEpochMilli() << 16 | 7;
    MailboxEntry entry = message.entry(JULIET, id, true, false);
    assertFalse(entry.outgoing());
    assertEquals(ROMEO, entry.peer().bare());
    Element again = PortableMessage.archived(entry);
    assertFalse(again.toString().contains("forged"), again.toString());
    PortableMessage read = PortableMessage.ofArchive(again, JULIET).orElseThrow();
    assertEquals(Long.toString(id), read.id());
    assertArrayEquals(entry.stanza(), read.entry(JULIET, id, true, false).stanza());
    MailboxEntry sent = message.entry(ROMEO, id, true, false);
    assertTrue(sent.outgoing());
    assertEquals(JULIET, sent.peer());
  }

  @Test
  void messagesThatAreNone() {
    String good = "<message xmlns='jabber:client' from='a@b'/>";
    for (Element bad :
        List.of(
            result("x", "yesterday", good),
            result("x", "2010-07-10T23:08:25Z", "<iq xmlns='jabber:client' type='get'/>"),
            result("x", "2010-07-10T23:08:25Z", good.replace("a@b", "@")),
            result("x", "2010-07-10T23:08:25Z", ""),
            Element.of(Names.MAM, "result"))) {
      assertTrue(PortableMessage.ofArchive(bad, JULIET).isEmpty(), bad.toString());
    }
    Element odd = result("x", "2010-07-10T23:08:25Z", good.replace("/>", " type='odd'/>"));
    assertTrue(PortableMessage.ofArchive(odd, JULIET).isPresent());
  }

  @Test
  void offlineMessages() {
    String others = "<delay xmlns='urn:xmpp:delay' from='gateway' stamp='2001-01-01T00:00:00Z'/>";
    Element message =
        Element.parse(
            "<message xmlns='jabber:client' from='romeo@montague.example/o'><body>b</body>"
                + others
                + "<stanza-id xmlns='urn:xmpp:sid:0' by='juliet@capulet.example' id='here'/>"
                + "<delay xmlns='urn:xmpp:delay' from='capulet.example'"
                + " stamp='2010-07-10T23:08:25Z'>Offline storage</delay></message>");
    PortableMessage read = PortableMessage.ofWaiting(message, JULIET).orElseThrow();
    assertEquals("here", read.id());
    assertEquals(Instant.parse("2010-07-10T23:08:25Z"), read.stamp());
    String kept = read.message().toString() + new String(read.message().toBytes());
    assertTrue(kept.contains("gateway"));
    assertFalse(kept.contains("Offline storage"));
    assertEquals(JULIET, read.message().to());
  }

  @Test
  void nodes() {
    PortableNodes nodes = new PortableNodes(Limits.USUAL);
    StoredNode node =
        new StoredNode(
            "urn:xmpp:bookmarks:1",
            Map.of("pubsub#access_model", List.of("whitelist"), "pubsub#max_items", List.of("max")),
            Map.of(ROMEO, "member"),
            Map.of());
    assertEquals(
        node, nodes.node(node.name(), nodes.configure(node), nodes.affiliations(node), JULIET));
  }

  /** What is not understood never opens a node. */
  @Test
  void nodesOfOthers() {
    PortableNodes nodes = new PortableNodes(Limits.USUAL);
    assertEquals("[whitelist]", access(nodes.node("n", null, null, JULIET)));
    assertEquals("[whitelist]", access(configured(nodes, "access_model", "moonphase")));
    assertEquals("[open]", access(configured(nodes, "access_model", "open")));
    assertEquals(
        Map.of("pubsub#max_items", List.of("max")),
        configured(nodes, "max_items", "10000000000").config());
    assertEquals(Map.of(), configured(nodes, "publish_model", "open").config());
    assertEquals(Map.of(), configured(nodes, "max_items", "-1").config());
  }

  private static String access(StoredNode node) {
    return String.valueOf(node.config().get("pubsub#access_model"));
  }

  private static StoredNode configured(PortableNodes nodes, String field, String value) {
    String configure =
        "<configure xmlns='http://jabber.org/protocol/pubsub#owner' node='n'>"
            + "<x xmlns='jabber:x:data' type='form'><field var='pubsub#%s'><value>%s</value></field>"
            + "<field var='pubsub#notification_type'/><field/></x></configure>";
    return nodes.node("n", Element.parse(configure.formatted(field, value)), null, JULIET);
  }
}
