package io.rookery.router.bookmark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rookery.protocol.xml.Element;
import io.rookery.router.pubsub.PersonalAccount;
import io.rookery.router.session.Given;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BookmarkConversionTest {
  private static final String ORCHARD = "orchard@rooms.example";
  private static final String PLAY = "play@rooms.example";
  private static final String ONLY_OWNER = "whitelist";

  private final PersonalAccount juliet = new PersonalAccount();

  @AfterEach
  void close() {
    juliet.close();
  }

  private static String list(String content) {
    return "<storage xmlns='storage:bookmarks'>" + content + "</storage>";
  }

  private List<String> storesPrivately(String content) {
    return juliet.sets("<query xmlns='jabber:iq:private'>" + list(content) + "</query>");
  }

  private static String old(String jid, String rest) {
    return "<conference jid='" + jid + "'" + rest;
  }

  private static String item(String rest) {
    return "<conference xmlns='urn:xmpp:bookmarks:1'" + rest;
  }

  private Element privately() {
    return juliet.privateXml(BookmarkList.NS, "storage");
  }

  private Map<String, Element> items() {
    return juliet.items(BookmarkItems.NS);
  }

  /** The two lists and the items name these rooms, and no others. */
  private void all(String... rooms) {
    assertEquals(Set.of(rooms), names(privately()));
    assertEquals(Set.of(rooms), names(juliet.items(BookmarkList.NS).get("current")));
    assertEquals(Set.of(rooms), items().keySet());
  }

  private static Set<String> names(Element list) {
    return list.children(BookmarkList.NS, "conference").stream()
        .map(conference -> conference.attribute("jid"))
        .collect(Collectors.toSet());
  }

  @Test
  void aPrivateListBecomesItems() {
    storesPrivately(
        old(ORCHARD, " name='Orchard' autojoin='1'><nick>JC</nick><password>x</password>")
            + "</conference>");
    assertEquals(
        Element.parse(
            item(" name='Orchard' autojoin='true'><nick>JC</nick><password>x</password>")
                + "</conference>"),
        items().get(ORCHARD));
    all(ORCHARD);
    assertEquals(Map.of(), juliet.items(BookmarkItems.NS, Given.ROMEO));
    assertEquals(Map.of(), juliet.items(BookmarkList.NS, Given.ROMEO));
  }

  @Test
  void anItemComesIntoTheLists() {
    juliet.publishes(
        BookmarkItems.NS, PLAY, item(" autojoin='true'><nick>JC</nick></conference>"), ONLY_OWNER);
    assertEquals(
        Element.parse(list(old(PLAY, " autojoin='true'><nick>JC</nick></conference>"))),
        privately());
    all(PLAY);
  }

  @Test
  void aListAtTheNodeComesToTheOthers() {
    juliet.publishes(BookmarkList.NS, "current", list(old(PLAY, "/>")), ONLY_OWNER);
    all(PLAY);
    juliet.publishes(BookmarkList.NS, "current", list(old(ORCHARD, "/>")), null);
    all(ORCHARD);
  }

  /** Only of what has changed (XEP-0402, section 5.3.2). */
  @Test
  void whoeverIsInterestedIsNotified() {
    storesPrivately(old(PLAY, "/>") + old(ORCHARD, "/>"));
    assertEquals(
        List.of(BookmarkItems.NS, BookmarkList.NS),
        storesPrivately(old(PLAY, " name='The Play'/>") + old(ORCHARD, "/>")));
    assertEquals(
        List.of(BookmarkItems.NS, BookmarkList.NS),
        storesPrivately(old(PLAY, " name='The Play'/>")));
    assertEquals(List.of(), storesPrivately(old(PLAY, " name='The Play'/>")));
    all(PLAY);
  }

  @Test
  void whatOneWayDoesNotKnowIsKeptInTheOther() {
    String extensions = "<extensions><a xmlns='urn:a'/></extensions>";
    juliet.publishes(BookmarkItems.NS, PLAY, item(">" + extensions + "</conference>"), ONLY_OWNER);
    String url = "<url name='Works' url='https://example.org/'/>";
    storesPrivately(url + old(PLAY, " name='Play'><minimize/></conference>"));
    assertEquals(
        Element.parse(item(" name='Play'>" + extensions + "</conference>")), items().get(PLAY));
    juliet.publishes(BookmarkItems.NS, PLAY, item(" name='Act 2'/>"), null);
    assertEquals(
        Element.parse(list(url + old(PLAY, " name='Act 2'><minimize/></conference>"))),
        privately());
  }

  @Test
  void whatIsRemovedInOneWayIsRemovedInTheOthers() {
    storesPrivately(old(PLAY, "/>") + old(ORCHARD, "/>"));
    juliet.retracts(BookmarkItems.NS, PLAY);
    all(ORCHARD);
    juliet.sets("<query xmlns='jabber:iq:private'>" + list("") + "</query>");
    assertEquals(Map.of(), items());
    assertEquals(Element.parse(list("")), juliet.items(BookmarkList.NS).get("current"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"purge", "delete"})
  void allItemsMayBeRemovedAtOnce(String how) {
    String url = "<url name='Works' url='https://example.org/'/>";
    storesPrivately(url + old(PLAY, "/>"));
    juliet.owns(how, BookmarkItems.NS);
    assertEquals(Element.parse(list(url)), privately());
  }

  @Test
  void whoTakesTheListFromItsNodeKeepsTheBookmarks() {
    storesPrivately(old(PLAY, "/>"));
    juliet.owns("delete", BookmarkList.NS);
    assertEquals(Set.of(PLAY), items().keySet());
    storesPrivately(old(PLAY, "/>") + old(ORCHARD, "/>"));
    all(PLAY, ORCHARD);
  }

  /** From before there was a conversion: a client removes only what it has seen. */
  @Test
  void nothingIsLostWhenTheWaysMeet() {
    juliet.publishes("urn:xmpp:bookmarks:1", PLAY, item("/>"), ONLY_OWNER);
    juliet.has(BookmarkItems.NS, "tomb@rooms.example", item(" name='Tomb'/>"));
    storesPrivately(old(PLAY, "/>") + old(ORCHARD, "/>"));
    all(PLAY, ORCHARD, "tomb@rooms.example");
  }

  /** Before the first client comes that knows only the other way (XEP-0411, section 4). */
  @Test
  void whatIsStoredInOneWayIsThereWhenTheOtherIsAskedFor() {
    juliet.hasPrivately(list(old(PLAY, "/>")));
    assertEquals(Map.of(), juliet.items(BookmarkItems.NS, Given.ROMEO));
    assertEquals(Set.of(PLAY), items().keySet());
    all(PLAY);
  }

  @Test
  void theSameTheOtherWayRound() {
    juliet.publishes("urn:xmpp:bookmarks:1", PLAY, item("/>"), ONLY_OWNER);
    juliet.hasPrivately("");
    all(PLAY);
  }

  /** It stays where it is, and the rest is converted. */
  @Test
  void whatIsNoBookmarkIsLeftAlone() {
    String odd =
        "<conference/><conference jid='@'/>"
            + ("<conference jid='" + "x".repeat(600) + "@rooms.example'/>")
            + "<conference xmlns='urn:other' jid='a@rooms.example'/>";
    storesPrivately(odd + old("Play@Rooms.Example/nick", "/>"));
    assertEquals(Set.of(PLAY), items().keySet());
    juliet.publishes(BookmarkItems.NS, "@", item("/>"), null);
    juliet.publishes(BookmarkItems.NS, "odd@rooms.example", "<a xmlns='urn:a'/>", null);
    juliet.publishes(BookmarkItems.NS, ORCHARD, item("/>"), null);
    assertEquals(
        Element.parse(list(odd + old("Play@Rooms.Example/nick", "/>") + old(ORCHARD, "/>"))),
        privately());
    storesPrivately("<conference/>");
    assertEquals(Set.of("@", "odd@rooms.example"), items().keySet());
    juliet.publishes(BookmarkList.NS, "current", "<a xmlns='urn:a'/>", null);
    assertEquals(Element.parse(list("<conference/>")), privately());
  }

  @Test
  void whatIsLongIsNotConverted() {
    storesPrivately(old(PLAY, "><nick>" + "n".repeat(300_000) + "</nick></conference>"));
    assertEquals(Element.parse(item("/>")), items().get(PLAY));
  }

  @Test
  void moreThanANodeHoldsIsNotConverted() {
    String many =
        IntStream.range(0, 1001)
            .mapToObj(i -> old("room" + i + "@rooms.example", "/>"))
            .collect(Collectors.joining());
    storesPrivately(many);
    assertEquals(Map.of(), items());
    assertEquals(1001, privately().children().size());
  }

  /** XEP-0411, section 5. */
  @Test
  void nothingPrivateIsPublishedWhereOthersMaySeeIt() {
    juliet.publishes(BookmarkList.NS, "other", list(""), "open");
    juliet.publishes(BookmarkItems.NS, PLAY, item("/>"), "presence");
    storesPrivately(old(PLAY, "/>") + old(ORCHARD, "/>"));
    assertEquals(Set.of(PLAY), items().keySet());
    assertEquals(Set.of("other"), juliet.items(BookmarkList.NS).keySet());
  }
}
