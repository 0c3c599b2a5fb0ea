package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Accounts in files of XEP-0227, beside a service that runs. The files of other servers are real
 * ones (src/test/resources/portable/README.md); the names in them get something behind them, so
 * that each test has its own.
 */
class PortableConversationTest {
  private static final RookeryProcesses.Lone ROOKERY = RookeryProcesses.standalone("portable", "");
  private static final String PUBSUB = "http://jabber.org/protocol/pubsub";
  private static final String MAM = "urn:xmpp:mam:2";

  private final String suffix = "-" + Long.toString(System.nanoTime(), 36);
  private final Account juliet = account("juliet", "wherefore art thou");
  private final Account romeo = account("romeo", "pencil");
  private final Account mercutio = account("mercutio", "queen mab");

  @TempDir private Path directory;

  @BeforeAll
  static void start() {
    ROOKERY.service().started();
  }

  @AfterAll
  static void stop() {
    ROOKERY.service().close();
  }

  private Account account(String name, String password) {
    return new Account(name + suffix, ROOKERY.service().domain(), password);
  }

  @Test
  void accountsComeFromProsody() throws Exception {
    Path files = copies("prosody");
    assertTrue(runs(0, "import", files, "--check").contains("3 accounts can be imported."));
    assertFalse(logsIn(juliet));
    String first = runs(0, "import", files);
    assertTrue(first.contains("3 accounts are imported."), first);
    try (Cast given = new Cast(ROOKERY.service())) {
      Client balcony = login(given, juliet);
      assertEquals(
          "both", balcony.rosterItem(romeo.bare()).orElseThrow().attribute("subscription"));
      balcony.sends("<presence/>");
      balcony.receives("presence", p -> p.from(mercutio.bare()).type("subscribe"));
      assertEquals("Jule", privateNick(balcony));
      assertEquals(List.of(), items(balcony, "urn:xmpp:bookmarks:1"), "a node, without its items");
      Client orchard = login(given, romeo);
      Element contact = orchard.rosterItem(juliet.bare()).orElseThrow();
      assertEquals("Juliet", contact.attribute("name"));
      assertEquals(2, contact.children("group", "jabber:iq:roster").size());
      assertEquals(
          List.of(
              "Call me but love, and I'll be new baptized <3",
              "Neither, fair saint, if either thee dislike.",
              "By a name I know not how to tell thee who I am."),
          archive(orchard).stream().map(PortableConversationTest::body).toList());
      refusesPeopleToLookAtBookmarks(orchard);
    }
    String again = runs(0, "import", files);
    assertTrue(again.contains("0 accounts are imported. 3 were there before"), again);
  }

  private void refusesPeopleToLookAtBookmarks(Client other) {
    other.asks(
        "get",
        juliet.bare(),
        "<pubsub xmlns='" + PUBSUB + "'><items node='urn:xmpp:bookmarks:1'/></pubsub>",
        r -> r.type("error"));
  }

  @Test
  void accountsComeFromEjabberd() throws Exception {
    String first = runs(0, "import", copies("ejabberd").resolve("export.xml"));
    assertTrue(first.contains("3 accounts are imported."), first);
    try (Cast given = new Cast(ROOKERY.service())) {
      Client balcony = login(given, juliet);
      balcony.getsRoster();
      Element list =
          balcony.asks(
              "get", null, "<blocklist xmlns='urn:xmpp:blocking'/>", r -> r.type("result"));
      assertTrue(list.toString().contains("paris@verona.example"), list.toString());
      Element vcard =
          balcony.asks("get", null, "<vCard xmlns='vcard-temp'/>", r -> r.type("result"));
      assertTrue(vcard.toString().contains("Juliet Capulet"), vcard.toString());
      balcony.sends("<presence/>");
      for (String id : new String[] {"m3", "m4"}) {
        balcony.receives(
            "message", m -> m.id(id).has("delay", "urn:xmpp:delay").has("body", Client.CLIENT));
      }
      balcony.leaves();
      Client back = login(given, juliet);
      back.sends("<presence/>");
      back.receives("presence", p -> p.from(mercutio.bare()).type("subscribe"));
      back.settles().forEach(stanza -> assertFalse(stanza.localName().equals("message")));
      assertTrue(logsIn(romeo));
    }
  }

  @Test
  void everythingGoesOutAndComesBack() throws Exception {
    Path written = Files.writeString(directory.resolve("hamlet.xml"), hamlet());
    String hamlet = "hamlet" + suffix + "@localhost";
    runs(0, "import", written);
    Path out = directory.resolve("out.xml");
    String exported = export(out, hamlet);
    assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(out));
    for (String part :
        new String[] {
          "SCRAM-SHA-512",
          "approved='true'",
          "ghost@localhost",
          "<defaultnick>",
          "tybalt@example.com",
          "default='never'",
          "horatio@localhost",
          "affiliation='member'",
          "theplay",
          "Neither",
          "poor"
        }) {
      assertTrue(exported.contains(part), part);
    }
    // Again from the other server, and from here, under the same name and another one.
    runs(0, "import", written, "--existing");
    assertEquals(
        withoutKeys(exported), withoutKeys(export(directory.resolve("again.xml"), hamlet)));
    Path dir = Files.createDirectory(directory.resolve("dir"));
    runs(0, "export", dir, "--user", hamlet);
    Path user = dir.resolve("localhost").resolve("hamlet" + suffix + ".xml");
    Path host = dir.resolve("localhost.xml");
    String other = "ophelia" + suffix;
    for (Path file : new Path[] {user, host}) {
      Files.writeString(file, Files.readString(file).replace("hamlet" + suffix, other));
    }
    Files.move(user, user.resolveSibling(other + ".xml"));
    String imported = runs(0, "import", dir);
    assertTrue(imported.contains("1 accounts are imported."), imported);
    String came = export(directory.resolve("other.xml"), other + "@localhost");
    // Keys of imports are those of the first one: the second one had new ones from the password.
    assertEquals(withoutKeys(exported), withoutKeys(came.replace(other, "hamlet" + suffix)));
    takesDelivery(new Account(other, "localhost", "words, words"));
  }

  private String export(Path file, String user) throws Exception {
    runs(0, "export", file, "--user", user);
    return Files.readString(file);
  }

  private static String withoutKeys(String exported) {
    return exported.replaceAll("<scram-credentials.*</scram-credentials>\n", "");
  }

  /** What waited comes once, what was archived is there once, in order. */
  private static void takesDelivery(Account account) throws Exception {
    try (Cast given = new Cast(ROOKERY.service())) {
      Client client = login(given, account);
      client.getsRoster();
      client.sends("<presence/>");
      client.receives("message", m -> m.id("waits-too").has("delay", "urn:xmpp:delay"));
      client.receives("message", m -> m.id("waits").body("Neither"));
      client.settles();
      assertEquals("theplay", items(client, "urn:xmpp:bookmarks:1").get(0).attribute("id"));
      assertEquals(
          List.of("first", "second", "Neither"),
          archive(client).stream().map(PortableConversationTest::body).toList());
    }
  }

  private String hamlet() {
    String user = "hamlet" + suffix + "@localhost";
    return """
        <server-data xmlns='urn:xmpp:pie:0'><host jid='localhost'>
        <user name='%1$s' password='words, words'>
        <offline-messages>
          <message xmlns='jabber:client' id='waits' to='%2$s' from='horatio@localhost/x' type='chat'>
            <body>Neither</body><stanza-id xmlns='urn:xmpp:sid:0' by='%2$s' id='n-3'/>
            <delay xmlns='urn:xmpp:delay' from='localhost' stamp='2025-07-10T23:09:00Z'/></message>
          <message xmlns='jabber:client' id='waits-too' to='%2$s' from='horatio@localhost/x'
            type='chat'><body>poor Yorick</body>
            <delay xmlns='urn:xmpp:delay' from='localhost' stamp='2025-07-10T22:09:00Z'/></message>
        </offline-messages>
        <query xmlns='jabber:iq:roster'>
          <item jid='horatio@localhost' name='Horatio' subscription='to'><group>A</group></item>
          <item jid='yorick@localhost' subscription='none' approved='true'/></query>
        <presence xmlns='jabber:client' type='subscribe' from='ghost@localhost'/>
        <query xmlns='jabber:iq:private'>
          <exodus xmlns='exodus:prefs'><defaultnick>Ham</defaultnick></exodus></query>
        <query xmlns='jabber:iq:privacy'><default name='d'/><list name='d'>
          <item type='jid' value='tybalt@example.com' action='deny' order='1'/></list></query>
        <prefs xmlns='urn:xmpp:mam:2' default='never'><always><jid>horatio@localhost</jid></always>
          <never/></prefs>
        <archive xmlns='urn:xmpp:pie:0#mam'>%3$s%4$s%5$s</archive>
        <pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:bookmarks:1'>
          <item id='theplay'><conference xmlns='urn:xmpp:bookmarks:1'/></item></items></pubsub>
        <pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>
          <configure node='urn:xmpp:bookmarks:1'><x xmlns='jabber:x:data' type='form'>
            <field var='pubsub#access_model'><value>whitelist</value></field></x></configure>
          <affiliations node='urn:xmpp:bookmarks:1'>
            <affiliation jid='horatio@localhost' affiliation='member'/></affiliations></pubsub>
        <more xmlns='urn:unknown'/>
        </user></host></server-data>
        """
        .formatted(
            "hamlet" + suffix,
            user,
            result("n-1", "2025-07-10T23:08:25Z", "first", user),
            result("n-2", "2025-07-10T23:08:25Z", "second", user),
            result("n-3", "2025-07-10T23:08:59Z", "Neither", user))
        .replaceAll(">\\s+<", "><");
  }

  private static String result(String id, String stamp, String body, String user) {
    return """
        <result xmlns='urn:xmpp:mam:2' id='%s'><forwarded xmlns='urn:xmpp:forward:0'>
        <delay xmlns='urn:xmpp:delay' stamp='%s'/>
        <message xmlns='jabber:client' from='horatio@localhost/x' to='%s' type='chat' id='i'>
        <body>%s</body></message></forwarded></result>"""
        .formatted(id, stamp, user, body);
  }

  @Test
  void whatIsCutOffIsNotImported() throws Exception {
    Path good = copies("ejabberd").resolve("export_localhost.xml");
    String whole =
        "<server-data xmlns='urn:xmpp:pie:0'>"
            + Files.readString(good).replaceFirst("<\\?xml.*?\\?>", "");
    int inside = whole.indexOf("<user name='mercutio") + 200;
    Path cut = Files.writeString(directory.resolve("cut.xml"), whole.substring(0, inside));
    String refused = runs(1, "import", cut);
    assertTrue(refused.contains("cut.xml, line 1, column "), refused);
    assertTrue(refused.contains("(in the account " + mercutio.bare() + ")"), refused);
    assertTrue(refused.contains("Nothing was imported. The 2 accounts before"), refused);
    assertFalse(logsIn(juliet));
    String some = runs(1, "import", cut, "--up-to-fault");
    assertTrue(some.contains("2 accounts are imported."), some);
    assertTrue(logsIn(juliet));
    assertFalse(logsIn(mercutio));
    String all = runs(0, "import", Files.writeString(cut, whole + "</server-data>"));
    assertTrue(all.contains("1 accounts are imported. 2 were there before"), all);
    assertTrue(logsIn(mercutio));
    String exists = runs(1, "export", cut);
    assertTrue(exists.contains("cut.xml exists"), exists);
  }

  /** An account without keys is one whose import has not finished: it can be gone on with. */
  @Test
  void anAccountWithoutKeysDoesNotExistForOthers() throws Exception {
    String begin = "<server-data xmlns='urn:xmpp:pie:0'><host jid='localhost'><user name='%s'";
    String end = "/></host></server-data>";
    Path file = directory.resolve("one.xml");
    Files.writeString(file, begin.formatted(romeo.localpart()) + end);
    String none = runs(0, "import", file);
    assertTrue(none.contains("1 of them have no password"), none);
    try (Cast given = new Cast(ROOKERY.service())) {
      Client other = given.client("nurse", "phone");
      other.sends(
          "<message type='chat' id='early' to='%s'><body>early</body></message>", romeo.bare());
      other.receives("message", m -> m.id("early").error("service-unavailable"));
      Files.writeString(
          file, begin.formatted(romeo.localpart()) + " password='" + romeo.password() + "'" + end);
      String done = runs(0, "import", file);
      assertTrue(done.contains("1 accounts are imported."), done);
      assertTrue(logsIn(romeo));
      String strange =
          runs(
              1,
              "import",
              Files.writeString(
                  file,
                  "<server-data xmlns='urn:xmpp:pie:0'>"
                      + "<host jid='example.org'/></server-data>"));
      assertTrue(strange.contains("not a domain served here: example.org"), strange);
    }
  }

  private Path copies(String server) throws Exception {
    Path from = Path.of(getClass().getResource("/portable/" + server).toURI());
    Path to = Files.createDirectory(directory.resolve(server));
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        String text = Files.readString(file);
        for (String name : new String[] {"juliet", "romeo", "mercutio", "benvolio"}) {
          text = text.replace(name + "@", name + suffix + "@");
          text = text.replace("name='" + name + "'", "name='" + name + suffix + "'");
        }
        Files.writeString(to.resolve(file.getFileName().toString()), text);
      }
    }
    return to;
  }

  private static Client login(Cast given, Account account) throws Exception {
    return given
        .secured(account.localpart())
        .authenticates(account, Mechanism.SCRAM_SHA_1)
        .binds("desk");
  }

  private static boolean logsIn(Account account) throws Exception {
    try (Cast given = new Cast(ROOKERY.service())) {
      Client client = given.secured(account.localpart());
      return client
          .triesToAuthenticate(account, Mechanism.SCRAM_SHA_1)
          .localName()
          .equals("success");
    }
  }

  private static String privateNick(Client client) {
    Element reply =
        client.asks(
            "get",
            null,
            "<query xmlns='jabber:iq:private'><exodus xmlns='exodus:prefs'/></query>",
            r -> r.type("result"));
    return reply
        .child("query", "jabber:iq:private")
        .flatMap(query -> query.child("exodus", "exodus:prefs"))
        .flatMap(exodus -> exodus.child("defaultnick", "exodus:prefs"))
        .orElseThrow()
        .text();
  }

  private static List<Element> items(Client client, String node) {
    Element reply =
        client.asks(
            "get",
            null,
            "<pubsub xmlns='" + PUBSUB + "'><items node='" + node + "'/></pubsub>",
            r -> r.type("result"));
    return reply
        .child("pubsub", PUBSUB)
        .flatMap(pubsub -> pubsub.child("items", PUBSUB))
        .orElseThrow()
        .children("item", PUBSUB);
  }

  private static List<Element> archive(Client client) {
    client.settles();
    client.asks("set", null, "<query xmlns='" + MAM + "'/>", r -> r.type("result"));
    return client.settles().stream()
        .flatMap(stanza -> stanza.child("result", MAM).stream())
        .toList();
  }

  private static String body(Element result) {
    return result
        .child("forwarded", "urn:xmpp:forward:0")
        .flatMap(forwarded -> forwarded.child("message", Client.CLIENT))
        .flatMap(message -> message.child("body", Client.CLIENT))
        .orElseThrow()
        .text();
  }

  private static String runs(int code, Object... arguments) throws Exception {
    String[] command = Stream.of(arguments).map(Object::toString).toArray(String[]::new);
    RookeryProcesses.Lone.Ended ended = ROOKERY.run("", command);
    assertEquals(code, ended.code(), ended.output());
    return ended.output();
  }
}
