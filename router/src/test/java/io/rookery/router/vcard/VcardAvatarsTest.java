package io.rookery.router.vcard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.Hook;
import io.rookery.router.extension.Manifest.HookRoute;
import io.rookery.router.extension.Passage;
import io.rookery.router.extension.Verdict;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Session;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VcardAvatarsTest {
  private static final String HASH = "a9993e364706816aba3e25717850c26c9cd0d89d";

  private final Hook hook = new VcardAvatars().manifest().hookRoutes().get(0).hook();
  private final LiveAccount juliet = Given.account(Given.JULIET, true);
  private final Session balcony = Given.session(juliet, "balcony");

  private Verdict see(StanzaType type, Element... children) {
    return hook.see(
        new Passage(Stanza.of(type, balcony.jid(), null, null, children), juliet, balcony, null));
  }

  @Test
  void thePhotosHashIsPutIntoPresence() {
    juliet.photo(HASH);
    Verdict verdict =
        see(StanzaType.PRESENCE_AVAILABLE, Element.of("jabber:client", "show", "dnd"));
    assertEquals(2, verdict.stanza().payload().childCount());
    assertEquals(
        "<x xmlns='vcard-temp:x:update'><photo>" + HASH + "</photo></x>",
        verdict.stanza().payload().element(1).toString());
  }

  @Test
  void presenceWithoutAPhotoIsNotLookedAt() {
    HookRoute route = new VcardAvatars().manifest().hookRoutes().get(0);
    assertFalse(route.concerned().test(juliet));
    juliet.photo(HASH);
    assertTrue(route.concerned().test(juliet));
  }

  /** Only who says that there is no photo is believed (XEP-0398, section 4). */
  @Test
  void aClientMaySayThatThereIsNone() {
    juliet.photo(HASH);
    assertSame(Verdict.PASS, see(StanzaType.PRESENCE_AVAILABLE, update("<photo/>")));
  }

  /** Not ready, another image. */
  @ParameterizedTest
  @ValueSource(strings = {"", "<photo>01b8</photo>"})
  void theServerKnowsBetterThanTheClient(String content) {
    juliet.photo(HASH);
    Verdict verdict = see(StanzaType.PRESENCE_AVAILABLE, update(content));
    assertEquals(1, verdict.stanza().payload().childCount());
    assertEquals(update("<photo>" + HASH + "</photo>"), verdict.stanza().payload().element(0));
  }

  private static Element update(String content) {
    return Element.parse("<x xmlns='vcard-temp:x:update'>" + content + "</x>");
  }

  private List<Effect> changed(String hash) {
    return VcardAvatars.changed(juliet, hash);
  }

  private Stanza presence(Element... children) {
    return Stanza.of(StanzaType.PRESENCE_AVAILABLE, balcony.jid(), null, null, children);
  }

  @Test
  void anotherPhotoIsAnnouncedAtOnce() {
    balcony.available(presence(update("<photo>01b8</photo>")), 5);
    Effect.Announce announced = (Effect.Announce) changed(HASH).get(1);
    assertEquals(balcony.jid(), announced.session());
    assertEquals(update("<photo>" + HASH + "</photo>"), announced.presence().payload().element(0));
    assertSame(announced.presence(), announced.kept());
  }

  /** Said once, and not kept: later presence without it means the same. */
  @Test
  void thatThereIsNoneAnyMoreIsAnnounced() {
    juliet.photo(HASH);
    balcony.available(presence(update("<photo>" + HASH + "</photo>")), 5);
    Effect.Announce announced = (Effect.Announce) changed("").get(1);
    assertEquals(update("<photo/>"), announced.presence().payload().element(0));
    assertTrue(announced.kept().payload().isEmpty());
  }

  @Test
  void nothingIsAnnouncedOfTheSamePhotoOrForWhoSaysThereIsNone() {
    assertEquals(List.of(new Effect.SetPhoto(HASH)), changed(HASH)); // not available
    balcony.available(presence(update("<photo/>")), 5);
    assertEquals(List.of(new Effect.SetPhoto(HASH)), changed(HASH));
    juliet.photo(HASH);
    balcony.available(presence(), 5);
    assertEquals(List.of(new Effect.SetPhoto(HASH)), changed(HASH));
  }

  @ParameterizedTest
  @EnumSource(
      value = StanzaType.class,
      names = {"PRESENCE_UNAVAILABLE", "PRESENCE_SUBSCRIBE", "PRESENCE_PROBE", "PRESENCE_ERROR"})
  void otherPresenceHasNoAvatar(StanzaType type) {
    juliet.photo(HASH);
    assertSame(Verdict.PASS, see(type));
  }
}
