package io.rookery.router.avatar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.rookery.protocol.xml.Element;
import io.rookery.router.pubsub.PersonalAccount;
import io.rookery.router.session.Given;
import io.rookery.router.vcard.Photo;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AvatarConversionTest {
  /** Of "abc" (RFC 3174, section 7.3). */
  private static final String ABC = "a9993e364706816aba3e25717850c26c9cd0d89d";

  private static final String DATA = "<data xmlns='urn:xmpp:avatar:data'>%s</data>";
  private static final String OPEN = "open";

  private final PersonalAccount juliet = new PersonalAccount();

  @AfterEach
  void close() {
    juliet.close();
  }

  private static String metadata(String content) {
    return "<metadata xmlns='urn:xmpp:avatar:metadata'>" + content + "</metadata>";
  }

  private static String info(String id) {
    return metadata("<info bytes='3' type='image/png' id='" + id + "'/>");
  }

  private static String vcard(String content) {
    return "<vCard xmlns='vcard-temp'><FN>Juliet</FN>" + content + "</vCard>";
  }

  private static String photo(String type, byte[] image) {
    String base64 = Base64.getEncoder().encodeToString(image);
    return "<PHOTO><TYPE>" + type + "</TYPE><BINVAL>" + base64 + "</BINVAL></PHOTO>";
  }

  private static final String WITH_ABC = vcard(photo("image/png", "abc".getBytes()));

  private void publishes(String access) {
    juliet.publishes(Metadata.DATA, ABC, DATA.formatted("YW Jj"), access);
    juliet.publishes(Metadata.NS, ABC, info(ABC), access);
  }

  /** What was published last. */
  private Element metadata() {
    List<Element> all = List.copyOf(juliet.items(Metadata.NS, Given.ROMEO).values());
    return all.isEmpty() ? null : all.get(all.size() - 1);
  }

  @Test
  void anAvatarGoesIntoTheVcard() {
    juliet.sets(vcard("<TITLE>Miss</TITLE>"));
    publishes(OPEN);
    assertEquals(
        Element.parse(vcard("<TITLE>Miss</TITLE>" + photo("image/png", "abc".getBytes()))),
        juliet.vcard());
    assertEquals(ABC, juliet.account().photo());
  }

  /** One of several is at the data node, the others are elsewhere. */
  @Test
  void theImageThatIsNotElsewhereIsTaken() {
    juliet.publishes(Metadata.DATA, ABC, DATA.formatted("YWJj"), OPEN);
    String elsewhere = "<info bytes='9' id='1' type='image/png' url='https://example.org/a'/>";
    juliet.publishes(Metadata.NS, "x", metadata(elsewhere), OPEN);
    assertNull(juliet.vcard());
    juliet.publishes(
        Metadata.NS,
        ABC,
        metadata(elsewhere + "<info bytes='3' id='" + ABC + "' type='image/png'/>"),
        OPEN);
    assertEquals(ABC, juliet.account().photo());
  }

  @Test
  void whatNotEverybodyMaySeeStaysOutOfTheVcard() {
    juliet.sets(vcard(""));
    publishes("presence");
    assertEquals(Element.parse(vcard("")), juliet.vcard());
  }

  @ParameterizedTest
  @ValueSource(strings = {"%%%", "YWJk", "", "<b/>"})
  void anImageThatIsNotWhatItsIdSaysIsNotTaken(String content) {
    juliet.sets(WITH_ABC);
    juliet.publishes(Metadata.DATA, "d1", DATA.formatted(content), null);
    juliet.publishes(Metadata.NS, "d1", info("d1"), null);
    assertEquals(Element.parse(WITH_ABC), juliet.vcard());
    juliet.publishes(Metadata.NS, "d3", "<a xmlns='urn:a'><b/></a>", null);
    assertEquals(Element.parse(WITH_ABC), juliet.vcard());
  }

  /** Another device has replaced the image before this one could say that it is the avatar. */
  @Test
  void theLastMetadataCountsAlsoWithoutItsImage() {
    String other = new Photo("image/png", "abcd".getBytes()).hash();
    publishes(OPEN);
    juliet.publishes(Metadata.DATA, ABC, DATA.formatted("YWJj"), null);
    juliet.retracts(Metadata.DATA, ABC);
    juliet.publishes(Metadata.DATA, other, DATA.formatted("YWJjZA=="), null);
    juliet.publishes(Metadata.NS, other, info(other), null);
    assertEquals(other, juliet.account().photo());
    juliet.publishes(Metadata.NS, ABC, info(ABC), null);
    assertEquals("", juliet.account().photo());
    assertNull(juliet.vcard().child("vcard-temp", "PHOTO"));
    juliet.publishes(Metadata.DATA, ABC, DATA.formatted("YWJj"), null);
    assertEquals(ABC, juliet.account().photo(), "it comes late");
    juliet.publishes(Metadata.DATA, other, DATA.formatted("YWJjZA=="), null);
    assertEquals(ABC, juliet.account().photo(), "nothing is said of it");
  }

  @Test
  void anImageThatIsTooBigForTheVcardIsNotTaken() {
    String before = vcard("<DESC>" + "d".repeat(100 << 10) + "</DESC>");
    juliet.sets(before);
    Photo big = new Photo("image/png", new byte[95 << 10]);
    juliet.publishes(Metadata.DATA, big.hash(), DATA.formatted(big.base64()), OPEN);
    juliet.publishes(Metadata.NS, big.hash(), info(big.hash()), OPEN);
    assertEquals(Element.parse(before), juliet.vcard());
    assertEquals(Set.of(big.hash()), juliet.items(Metadata.NS).keySet());
  }

  @ParameterizedTest
  @ValueSource(strings = {"disable", "retract", "purge", "delete", "close"})
  void anAvatarThatGoesGoesFromTheVcard(String how) {
    juliet.sets(vcard(""));
    publishes(OPEN);
    switch (how) {
      case "disable" -> juliet.publishes(Metadata.NS, "none", metadata(""), null);
      case "close" -> juliet.opens(Metadata.NS, "presence");
      case "retract" -> juliet.retracts(Metadata.NS, ABC);
      default -> juliet.owns(how, Metadata.NS);
    }
    assertEquals(Element.parse(vcard("")), juliet.vcard());
    assertEquals("", juliet.account().photo());
  }

  @Test
  void thePhotoOfAVcardIsPublished() {
    List<String> notified = juliet.sets(WITH_ABC);
    assertEquals(Element.parse(info(ABC)), juliet.items(Metadata.NS, Given.ROMEO).get(ABC));
    assertEquals(
        Map.of(ABC, Element.parse(DATA.formatted("YWJj"))),
        juliet.items(Metadata.DATA, Given.ROMEO));
    assertEquals(List.of(Metadata.DATA, Metadata.NS, "urn:xmpp:vcard4"), notified);
    assertEquals(List.of(), juliet.sets(WITH_ABC));
  }

  /** What the client says of the same image counts more: a size in pixels, other formats. */
  @Test
  void anAvatarThatIsPublishedAlreadyIsNotPublishedAgain() {
    publishes(OPEN);
    String own = metadata("<info bytes='3' height='1' width='3' id='" + ABC + "' type='a/b'/>");
    juliet.publishes(Metadata.NS, ABC, own, null);
    juliet.sets(WITH_ABC);
    assertEquals(Element.parse(own), metadata());
  }

  /** What the image is counts more than what it is said to be. */
  @ParameterizedTest
  @CsvSource({
    "text/html, 137 80 78 71 13 10, image/png",
    "image/png, 255 216 255 224, image/jpeg",
    "'', 71 73 70 56 57 97, image/gif",
    "image/webp, 82 73 70 70, image/webp",
    "text/html, 60 104 116 109 108 62, ",
    "'', 97 98 99, ",
  })
  void theTypeIsThatOfTheImage(String declared, String bytes, String type) {
    String[] numbers = bytes.split(" ");
    byte[] image = new byte[numbers.length];
    for (int i = 0; i < image.length; i++) {
      image[i] = (byte) Integer.parseInt(numbers[i]);
    }
    juliet.sets(vcard(photo(declared, image)));
    Element metadata = metadata();
    assertEquals(type, metadata == null ? null : metadata.children().get(0).attribute("type"));
  }

  @Test
  void thePhotoMayBeBiggerThanWhatClientsPublish() {
    byte[] image = new byte[Photo.MAX_BYTES];
    juliet.sets(vcard(photo("image/png", image)));
    assertNotNull(juliet.items(Metadata.DATA).get(new Photo("image/png", image).hash()));
  }

  @Test
  void aPhotoThatGoesDisablesTheAvatar() {
    juliet.sets(WITH_ABC);
    juliet.sets(vcard(""));
    assertEquals(Element.parse(metadata("")), metadata());
  }

  /** It was never that of the vCard. */
  @Test
  void anAvatarForContactsStaysWhenTheVcardHasNone() {
    publishes("presence");
    juliet.sets(vcard(""));
    juliet.sets(vcard("<TITLE>Miss</TITLE>"));
    assertEquals(Set.of(ABC), juliet.items(Metadata.NS).keySet());
  }

  @Test
  void theLaterWriteCounts() {
    publishes(OPEN);
    juliet.sets(vcard(photo("image/gif", "abcd".getBytes())));
    assertEquals(juliet.account().photo(), metadata().children().get(0).attribute("id"));
    publishes(null);
    assertEquals(ABC, juliet.account().photo());
  }
}
