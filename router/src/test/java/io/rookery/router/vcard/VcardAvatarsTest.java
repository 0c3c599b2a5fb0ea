package io.rookery.router.vcard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.Hook;
import io.rookery.router.extension.Manifest.HookRoute;
import io.rookery.router.extension.Passage;
import io.rookery.router.extension.Verdict;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Session;
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

  /** Not ready, no image, another image: the client knows better. */
  @ParameterizedTest
  @ValueSource(strings = {"", "<photo/>", "<photo>01b8</photo>"})
  void whatTheClientSaysItselfStays(String content) {
    juliet.photo(HASH);
    Element own = Element.parse("<x xmlns='vcard-temp:x:update'>" + content + "</x>");
    assertSame(Verdict.PASS, see(StanzaType.PRESENCE_AVAILABLE, own));
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
