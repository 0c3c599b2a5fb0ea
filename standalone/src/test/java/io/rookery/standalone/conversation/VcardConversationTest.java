package io.rookery.standalone.conversation;

import org.junit.jupiter.api.Test;

/** XEP-0054: vcard-temp, and XEP-0153: vCard-Based Avatars. */
@Conversation
class VcardConversationTest {
  private static final String NS = "vcard-temp";
  private static final String UPDATE = "vcard-temp:x:update";
  private static final String ASKED = "<vCard xmlns='vcard-temp'/>";

  /** Of the three bytes "abc" (RFC 3174, section 7.3). */
  private static final String HASH = "a9993e364706816aba3e25717850c26c9cd0d89d";

  private static String vcard(String content) {
    return "<vCard xmlns='vcard-temp'><FN>Juliet</FN>" + content + "</vCard>";
  }

  private static final String WITH_PHOTO =
      vcard("<PHOTO><TYPE>image/png</TYPE><BINVAL>\n YW\n Jj </BINVAL></PHOTO>");

  private static void hasPhoto(Expectation presence, String hash) {
    presence.type(null).has("x", UPDATE, x -> x.has("photo", UPDATE, p -> p.text(hash)));
  }

  @Test
  void everybodyReadsAVcard(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client paris = given.client("paris", "carriage");
    juliet.asks("get", null, ASKED, r -> r.error("item-not-found"));
    juliet.asks("set", null, vcard(""), r -> r.type("result").hasNot("vCard", NS));
    juliet.asks("get", juliet.bare(), ASKED, r -> r.has("vCard", NS, v -> v.has("FN", NS)));
    paris.asks(
        "get",
        juliet.bare(),
        ASKED,
        r ->
            r.type("result")
                .from(juliet.bare())
                .has("vCard", NS, v -> v.has("FN", NS, fn -> fn.text("Juliet"))));
  }

  @Test
  void noVcardAndNobodyLookTheSame(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    romeo.asks("get", given.user("juliet").bare(), ASKED, r -> r.error("service-unavailable"));
    romeo.asks("get", given.stranger("nobody").bare(), ASKED, r -> r.error("service-unavailable"));
    romeo.asks("set", given.user("juliet").bare(), ASKED, r -> r.error("forbidden"));
    romeo.asks("set", given.stranger("nobody").bare(), ASKED, r -> r.error("forbidden"));
  }

  @Test
  void limits(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    juliet.asks(
        "set", null, vcard("<PHOTO><BINVAL>%%%</BINVAL></PHOTO>"), r -> r.error("bad-request"));
    juliet.asks(
        "set",
        null,
        vcard("<PHOTO><BINVAL>" + "AAAA".repeat(45_000) + "</BINVAL></PHOTO>"),
        r -> r.error("policy-violation"));
    juliet.asks("get", null, ASKED, r -> r.error("item-not-found"));
  }

  @Test
  void contactsSeeTheAvatarOfAClientThatKnowsNothingOfIt(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client romeo = given.client("romeo", "phone");
    given.subscribe(romeo, juliet);
    given.settle();
    juliet.sends("<presence><show>away</show></presence>");
    romeo.receives("presence", p -> p.from(juliet).hasNot("x", UPDATE));
    juliet.asks("set", null, WITH_PHOTO, r -> r.type("result"));
    romeo.receives("presence", p -> hasPhoto(p.from(juliet).childText("show", "away"), HASH));
    juliet.sends("<presence><show>dnd</show></presence>");
    romeo.receives("presence", p -> hasPhoto(p.from(juliet).childText("show", "dnd"), HASH));
    juliet.sends("<presence><x xmlns='vcard-temp:x:update'/></presence>");
    romeo.receives("presence", p -> hasPhoto(p.from(juliet).hasNot("show", Client.CLIENT), HASH));
    juliet.asks("set", null, vcard(""), r -> r.type("result"));
    romeo.receives("presence", p -> hasPhoto(p.from(juliet), ""));
    juliet.sends("<presence><show>chat</show></presence>");
    romeo.receives("presence", p -> p.from(juliet).childText("show", "chat").hasNot("x", UPDATE));
  }

  /** From the database, and in the answer to a probe. */
  @Test
  void theAvatarIsKnownAtTheNextLogin(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client romeo = given.client("romeo", "phone");
    given.subscribe(romeo, juliet);
    juliet.asks("set", null, WITH_PHOTO, r -> r.type("result"));
    juliet.leaves();
    romeo.receives("presence", p -> p.type("unavailable"));
    Client chamber = given.connected("juliet", "chamber");
    chamber.sends("<presence/>");
    romeo.receives("presence", p -> hasPhoto(p.from(chamber), HASH));
    Client tablet = given.connected("romeo", "tablet");
    tablet.sends("<presence/>");
    tablet.receives("presence", p -> hasPhoto(p.from(chamber), HASH));
  }
}
