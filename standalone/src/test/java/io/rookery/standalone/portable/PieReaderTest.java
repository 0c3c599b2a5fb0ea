package io.rookery.standalone.portable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.xml.Element;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PieReaderTest {
  private static final String BEGIN =
      "<server-data xmlns='urn:xmpp:pie:0' xmlns:xi='http://www.w3.org/2001/XInclude'>";
  private static final String JULIET =
      "<user name='juliet' password='secret'><vCard xmlns='vcard-temp'><FN>J&amp;C</FN></vCard>"
          + "<query xmlns='jabber:iq:roster'><item jid='a@b'/><item jid='c@d'/></query></user>";
  private static final String GOOD =
      BEGIN + "<!-- one --><host jid='localhost'>" + JULIET + "</host></server-data>";

  @TempDir private Path directory;

  /** What was read, a line for each piece. */
  private final List<String> read = new ArrayList<>();

  private final class Listener implements Reception {
    @Override
    public boolean host(String jid, Where where) {
      read.add("host " + jid);
      return true;
    }

    @Override
    public boolean begin(String host, String name, String password, Where where) {
      read.add("begin " + name + "@" + host + " " + password);
      return !name.equals("unwanted");
    }

    @Override
    public void take(Part part, String node, Element element, Where where) {
      read.add(part + (node == null ? "" : " " + node) + " " + element.name());
    }

    @Override
    public void leftOut(String what, Where where) {
      read.add("left out " + what);
    }

    @Override
    public void end() {
      read.add("end");
    }
  }

  private Path file(String name, String text) throws Exception {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private List<String> reads(Path file) throws Exception {
    read.clear();
    PieReader.read(file, new Listener());
    return List.copyOf(read);
  }

  private String refuses(String text) throws Exception {
    Path file = file("bad.xml", text);
    read.clear();
    return assertThrows(TransferException.class, () -> PieReader.read(file, new Listener()))
        .getMessage();
  }

  private static String user(String content) {
    return BEGIN
        + "<host jid='localhost'><user name='romeo'>"
        + content
        + "</user></host></server-data>";
  }

  @Test
  void readsPieceByPiece() throws Exception {
    assertEquals(
        List.of(
            "host localhost",
            "begin juliet@localhost secret",
            "VCARD vCard",
            "ROSTER_ITEM item",
            "ROSTER_ITEM item",
            "end"),
        reads(file("good.xml", GOOD)));
  }

  @Test
  void readsNodesAndSkipsWhatItDoesNotKnow() throws Exception {
    String text =
        user("<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'><configure node='n'/></pubsub>"
                + "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='n'>"
                + "<item id='1'/></items></pubsub><presence/><x xmlns='urn:x'><y/></x>")
            .replace("<host ", "<more/><host ");
    assertEquals(
        List.of(
            "left out <more xmlns='urn:xmpp:pie:0'/>",
            "host localhost",
            "begin romeo@localhost null",
            "NODE configure",
            "ITEM n item",
            "SUBSCRIPTION_REQUEST presence",
            "left out <x xmlns='urn:x'/>",
            "end"),
        reads(file("nodes.xml", text)));
  }

  @Test
  void skipsAccountsThatAreNotWanted() throws Exception {
    String text =
        GOOD.replace("<user ", "<user name='unwanted'><vCard xmlns='vcard-temp'/></user><user ");
    assertEquals(7, reads(file("some.xml", text)).size());
  }

  /** Wherever the end is missing, that is noticed, with its place and account. */
  @Test
  void refusesWhatIsCutOff() throws Exception {
    for (int length = 0; length < GOOD.length() - 1; length++) {
      String message = refuses(GOOD.substring(0, length));
      assertTrue(message.contains(", line 1, column "), message);
    }
    int inside = GOOD.indexOf("<item jid='c@d'");
    assertTrue(refuses(GOOD.substring(0, inside)).endsWith("(in the account juliet@localhost)"));
  }

  @Test
  void tellsTheLine() throws Exception {
    String message = refuses(GOOD.replace("<vCard", "\n\n<vCard").replace("</FN>", "</N>"));
    assertTrue(message.contains("bad.xml, line 3, column "), message);
  }

  @Test
  void refusesDocumentTypesAndEntities() throws Exception {
    String secret = file("secret", "secret").toUri().toString();
    for (String type :
        new String[] {
          "<!DOCTYPE server-data [<!ENTITY e 'eeeeeeeee'>]>",
          "<!DOCTYPE server-data [<!ENTITY e SYSTEM '" + secret + "'>]>",
          "<!DOCTYPE server-data SYSTEM '" + secret + "'>"
        }) {
      assertTrue(refuses(type + GOOD.replace("J&amp;C", "&e;")).contains("document type"));
    }
    assertTrue(refuses(GOOD.replace("&amp;", "&e;")).contains("\"e\""));
    assertTrue(refuses("<?xml version='1.1'?>" + GOOD).contains("XML 1.1"));
  }

  @Test
  void refusesWhatIsTooDeep() throws Exception {
    String deep = "<x xmlns='urn:x'>".repeat(XmlSource.MAX_DEPTH);
    assertTrue(refuses(user(deep)).contains("nested"), "in what is skipped");
    assertTrue(refuses(user("<vCard xmlns='vcard-temp'>" + deep)).contains("nested"));
  }

  @Test
  void refusesWhatIsTooLarge() throws Exception {
    String vcard = "<vCard xmlns='vcard-temp'>";
    String much = "x".repeat(XmlSource.MAX_ELEMENT + 1);
    assertTrue(refuses(user(vcard + much + "</vCard>")).contains("an element of more than"));
    assertTrue(refuses(user(vcard + "<FN/>".repeat(200_000) + "</vCard>")).contains("more than"));
    String endless = "x".repeat(BoundedInput.MAX_BYTES + 100_000);
    assertTrue(refuses(user("<a b='" + endless)).contains("a tag or comment of more than"));
    assertTrue(refuses(user("<!--" + endless)).contains("a tag or comment of more than"));
    StringBuilder attributes = new StringBuilder();
    for (int i = 0; i < 201; i++) {
      attributes.append(" a").append(i).append("=''");
    }
    assertTrue(
        refuses(user("<vCard xmlns='vcard-temp'" + attributes + "/>")).contains("attributes"));
  }

  /**
   * The parser's limit on entities counts these, and would end a large file that has nothing else.
   */
  @Test
  void takesAnyNumberOfCharacterReferences() throws Exception {
    String before = System.setProperty("jdk.xml.totalEntitySizeLimit", "100");
    try {
      String many = "<presence xmlns='jabber:client'>&lt;&#65;</presence>".repeat(500);
      assertEquals(503, reads(file("many.xml", user(many))).size());
    } finally {
      if (before == null) {
        System.clearProperty("jdk.xml.totalEntitySizeLimit");
      } else {
        System.setProperty("jdk.xml.totalEntitySizeLimit", before);
      }
    }
  }

  @Test
  void includesFilesBesideIt() throws Exception {
    file(
        "data/a host.xml",
        "<host xmlns='urn:xmpp:pie:0' xmlns:xi='http://www.w3.org/2001/XInclude'"
            + " jid='localhost'><xi:include href='users/juliet.xml'/></host>");
    file("data/users/juliet.xml", JULIET.replace("<user ", "<user xmlns='urn:xmpp:pie:0' "));
    Path main = file("data/main.xml", BEGIN + "<xi:include href='a%20host.xml'/></server-data>");
    assertEquals(reads(file("good.xml", GOOD)), reads(main));
  }

  @Test
  void includesNothingElse() throws Exception {
    file("outside.xml", "<host xmlns='urn:xmpp:pie:0' jid='localhost'/>");
    file("data/user.xml", "<user xmlns='urn:xmpp:pie:0' name='romeo'/>");
    Files.createSymbolicLink(directory.resolve("data/link.xml"), directory.resolve("outside.xml"));
    for (String include :
        new String[] {
          "href='../outside.xml'",
          "href='link.xml'",
          "href='" + directory.resolve("outside.xml") + "'",
          "href='" + directory.resolve("outside.xml").toUri() + "'",
          "href='http://localhost/x.xml'",
          "href='//localhost/x.xml'",
          "href='missing.xml'",
          "href='.'",
          "href=''",
          "href=':'",
          "href='%00'",
          "href='user.xml'",
          "href='user.xml' parse='text'",
          "href='user.xml' xpointer='x'",
          "",
        }) {
      Path main = file("data/main.xml", BEGIN + "<xi:include " + include + "/></server-data>");
      read.clear();
      assertThrows(TransferException.class, () -> PieReader.read(main, new Listener()), include);
      assertEquals(List.of(), read, include);
    }
    // Not below a user's child: that is the user's own XML.
    assertEquals(
        "PRIVATE_XML include",
        reads(
                file(
                    "mine.xml",
                    user("<query xmlns='jabber:iq:private'><xi:include href='x'/></query>")))
            .get(2));
  }

  @Test
  void refusesOtherFiles() throws Exception {
    assertTrue(refuses("<stream/>").contains("not a file of XEP-0227"));
    assertTrue(refuses(GOOD.replace("jid='localhost'", "")).contains("<host/> without jid"));
    assertTrue(refuses(GOOD.replace("name='juliet'", "")).contains("<user/> without name"));
    assertThrows(
        TransferException.class,
        () -> PieReader.read(directory.resolve("missing"), new Listener()));
  }
}
