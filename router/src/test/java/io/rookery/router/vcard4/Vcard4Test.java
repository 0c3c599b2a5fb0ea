package io.rookery.router.vcard4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.rookery.protocol.xml.Element;
import io.rookery.router.pubsub.PersonalAccount;
import io.rookery.router.session.Given;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Vcard4Test {
  private static final String NODE = "urn:xmpp:vcard4";

  private final PersonalAccount juliet = new PersonalAccount();

  @AfterEach
  void close() {
    juliet.close();
  }

  private static String temp(String content) {
    return "<vCard xmlns='vcard-temp'>" + content + "</vCard>";
  }

  private static String four(String content) {
    return "<vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'>" + content + "</vcard>";
  }

  private List<String> publishes(String content, String access) {
    return juliet.publishes(NODE, "mine", four(content), access);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "<FN>Juliet</FN>, <fn><text>Juliet</text></fn>",
        "<N><FAMILY>C</FAMILY><GIVEN>J</GIVEN><MIDDLE>A</MIDDLE></N>,"
            + " <n><surname>C</surname><given>J</given><additional>A</additional></n>",
        "<BDAY>1597-07-31</BDAY>, <bday><date>1597-07-31</date></bday>",
        "<BDAY>Lammas Eve</BDAY>, <bday><text>Lammas Eve</text></bday>",
        "<URL>https://example.org/</URL>, <url><uri>https://example.org/</uri></url>",
        "<ORG><ORGNAME>Capulet</ORGNAME><ORGUNIT>House</ORGUNIT></ORG>,"
            + " <org><text>Capulet</text><text>House</text></org>",
        "<TITLE>Miss</TITLE>, <title><text>Miss</text></title>",
        "<ROLE>Heroine</ROLE>, <role><text>Heroine</text></role>",
        "<DESC>I &amp; you</DESC>, <note><text>I &amp; you</text></note>",
        "<EMAIL><HOME/><PREF/><USERID>j@example.org</USERID></EMAIL>,"
            + " <email><parameters><type><text>home</text></type>"
            + "<pref><integer>1</integer></pref></parameters><text>j@example.org</text></email>",
        "<EMAIL><USERID>j@example.org</USERID></EMAIL>,"
            + " <email><text>j@example.org</text></email>",
        "<TEL><WORK/><VOICE/><NUMBER>+39-045-8034303</NUMBER></TEL>,"
            + " <tel><parameters><type><text>work</text><text>voice</text></type></parameters>"
            + "<uri>tel:+39-045-8034303</uri></tel>",
        "<TEL><NUMBER>ask the nurse</NUMBER></TEL>, <tel><text>ask the nurse</text></tel>",
        "<ADR><HOME/><STREET>Via Cappello 23</STREET><LOCALITY>Verona</LOCALITY>"
            + "<PCODE>37121</PCODE><CTRY>Italy</CTRY></ADR>,"
            + " <adr><parameters><type><text>home</text></type></parameters>"
            + "<street>Via Cappello 23</street><locality>Verona</locality>"
            + "<code>37121</code><country>Italy</country></adr>",
      })
  void fieldsOfBothSayTheSame(String inTemp, String inFour) {
    juliet.sets(temp(inTemp));
    assertEquals(Map.of("current", Element.parse(four(inFour))), juliet.items(NODE, Given.ROMEO));
    juliet.sets(temp(""));
    juliet.publishes(NODE, "current", four(inFour), null);
    assertEquals(Element.parse(temp(inTemp)), juliet.vcard());
  }

  @Test
  void nicknamesAreAListOrMany() {
    juliet.sets(temp("<NICKNAME>Jules, JC</NICKNAME>"));
    String many = "<nickname><text>Jules</text></nickname><nickname><text>JC</text></nickname>";
    assertEquals(Element.parse(four(many)), juliet.items(NODE).get("current"));
    publishes(many + "<nickname><text>July</text></nickname>", null);
    assertEquals(Element.parse(temp("<NICKNAME>Jules,JC,July</NICKNAME>")), juliet.vcard());
  }

  @Test
  void otherFieldsStayAsTheyAre() {
    String key = "<key><uri>https://example.org/key</uri></key>";
    publishes("<fn><text>J</text></fn>" + key, "open");
    String photo =
        "<PHOTO><TYPE>image/png</TYPE><BINVAL>YWJj</BINVAL></PHOTO><JABBERID>j@x</JABBERID>";
    juliet.sets(temp("<FN>Juliet</FN>" + photo));
    assertEquals(
        Element.parse(four(key + "<fn><text>Juliet</text></fn>")), juliet.items(NODE).get("mine"));
    String hash = juliet.account().photo();
    publishes("<fn><text>July</text></fn><photo><uri>data:,x</uri></photo>", null);
    assertEquals(Element.parse(temp(photo + "<FN>July</FN>")), juliet.vcard());
    assertEquals(hash, juliet.account().photo());
  }

  /** A client that only sets the photo has perhaps never seen what else the vCard4 says. */
  @Test
  void anotherPhotoIsNoOtherVcard4() {
    publishes("<fn><text>Juliet</text></fn><note><text>n</text></note>", "presence");
    juliet.sets(temp("<PHOTO><TYPE>image/png</TYPE><BINVAL>YWJj</BINVAL></PHOTO>"));
    assertEquals(
        Element.parse(four("<fn><text>Juliet</text></fn><note><text>n</text></note>")),
        juliet.items(NODE).get("mine"));
  }

  @Test
  void aVcard4ForContactsIsTheirs() {
    publishes("<fn><text>Juliet</text></fn>", "presence");
    assertNull(juliet.vcard());
    juliet.sets(temp("<FN>J</FN>"));
    assertEquals(
        Element.parse(four("<fn><text>Juliet</text></fn>")), juliet.items(NODE).get("mine"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"purge", "delete", "close"})
  void whatIsTakenAwayIsTakenFromBoth(String how) {
    publishes("<fn><text>Juliet</text></fn>", "open");
    assertEquals(Element.parse(temp("<FN>Juliet</FN>")), juliet.vcard());
    if (how.equals("close")) {
      juliet.opens(NODE, "roster");
    } else {
      juliet.owns(how, NODE);
    }
    assertEquals(Element.parse(temp("")), juliet.vcard());
  }

  /** There is no vCard4 yet, or none for everybody. */
  @Test
  void aNodeThatIsOnlyConfiguredTakesNothingAway() {
    juliet.creates(NODE);
    juliet.sets(temp("<FN>Juliet</FN>"));
    juliet.opens(NODE, "open");
    juliet.opens(NODE, "presence");
    assertEquals(Element.parse(temp("<FN>Juliet</FN>")), juliet.vcard());
  }

  @Test
  void aVcard4ThatIsOpenedIsConverted() {
    publishes("<fn><text>Juliet</text></fn>", "presence");
    juliet.opens(NODE, "open");
    assertEquals(Element.parse(temp("<FN>Juliet</FN>")), juliet.vcard());
  }

  @Test
  void whatIsNoVcardChangesNothing() {
    juliet.sets(temp("<FN>Juliet</FN><PHOTO><BINVAL/></PHOTO>"));
    juliet.publishes(NODE, "mine", "<a xmlns='urn:a'><fn/></a>", null);
    assertEquals(Element.parse(temp("<FN>Juliet</FN><PHOTO><BINVAL/></PHOTO>")), juliet.vcard());
    publishes("<fn/><n/><tel><parameters/></tel><adr><street/></adr><org/>", null);
    assertEquals(Element.parse(temp("<PHOTO><BINVAL/></PHOTO>")), juliet.vcard());
    juliet.sets(
        temp("<FN/><TEL/><N><FAMILY> </FAMILY></N><ORG/><TITLE>x</TITLE><EMAIL><HOME/></EMAIL>"));
    assertEquals(
        Element.parse(four("<title><text>x</text></title>")), juliet.items(NODE).get("mine"));
  }

  @Test
  void ofVeryManyFieldsOnlySomeAreConverted() {
    juliet.sets(temp("<TEL><NUMBER>1</NUMBER></TEL>".repeat(2000)));
    assertEquals(500, juliet.items(NODE).get("current").children().size());
  }
}
