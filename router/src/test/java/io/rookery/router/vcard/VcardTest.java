package io.rookery.router.vcard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.dispatch.Extensions;
import io.rookery.router.dispatch.IqDispatcher;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Retries;
import io.rookery.storage.vcard.Vcards;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VcardTest {
  private final LiveAccount juliet = Given.account(Given.JULIET, true);
  private String stored;
  private String hash;
  private final Vertx vertx = Vertx.vertx();
  private final Retries retries =
      new Retries(vertx, () -> CompletableFuture.completedFuture(null), new SimpleMeterRegistry());
  private final IqDispatcher dispatcher =
      new IqDispatcher(
          new Extensions(List.of(new Vcard(new StoredVcards(new Store(), retries), List.of()))));

  @AfterEach
  void close() {
    vertx.close();
  }

  private final class Store implements Vcards {
    @Override
    public Future<Optional<String>> find(Jid owner) {
      return Future.succeededFuture(Optional.ofNullable(stored));
    }

    @Override
    public Future<Void> put(Jid owner, String xml, String photo) {
      stored = xml;
      hash = photo;
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> delete(Jid owner) {
      throw new AssertionError("only with the account");
    }
  }

  private IqReply ask(StanzaType type, IqTarget target, String content) {
    Element vcard = Element.parse("<vCard xmlns='vcard-temp'>" + content + "</vCard>");
    Stanza iq = Stanza.of(type, Given.ROMEO, null, "1", vcard);
    return dispatcher.answer(iq, target, juliet, null).result();
  }

  private IqReply set(String content) {
    return ask(StanzaType.IQ_SET, IqTarget.OWN_ACCOUNT, content);
  }

  private static String photo(byte[] image) {
    String base64 = Base64.getMimeEncoder().encodeToString(image); // with line breaks
    return "<PHOTO><TYPE>image/png</TYPE><BINVAL>\n " + base64 + "</BINVAL></PHOTO>";
  }

  private static Condition condition(IqReply reply) {
    return reply.error() == null ? null : reply.error().condition();
  }

  @ParameterizedTest
  @CsvSource({"OWN_ACCOUNT", "OTHER_ACCOUNT"})
  void everybodyReadsIt(IqTarget target) {
    assertNull(condition(set("<FN>Juliet</FN>")));
    assertEquals(
        "<vCard xmlns='vcard-temp'><FN>Juliet</FN></vCard>",
        ask(StanzaType.IQ_GET, target, "").payload().toString());
  }

  @ParameterizedTest
  @CsvSource({
    "IQ_GET, OWN_ACCOUNT, ITEM_NOT_FOUND",
    "IQ_GET, OTHER_ACCOUNT, SERVICE_UNAVAILABLE",
    "IQ_SET, OTHER_ACCOUNT, FORBIDDEN",
    "IQ_GET, SERVER, SERVICE_UNAVAILABLE",
  })
  void whatThereIsNot(StanzaType type, IqTarget target, Condition condition) {
    assertEquals(condition, condition(ask(type, target, "<FN>Tybalt</FN>")));
    assertNull(stored);
  }

  @Test
  void theHashIsOfTheImageItself() {
    IqReply reply = set(photo("abc".getBytes()));
    assertEquals("a9993e364706816aba3e25717850c26c9cd0d89d", hash); // RFC 3174, section 7.3
    assertEquals(List.of(new Effect.SetPhoto(hash)), reply.effects());
  }

  @Test
  void withoutAPhotoThereIsNoHash() {
    set(photo(new byte[] {1}));
    set("<FN>Juliet</FN><PHOTO><BINVAL/></PHOTO>");
    assertEquals("", hash);
    set(photo(new byte[] {1}));
    set("<PHOTO><EXTVAL>https://example.org/juliet.png</EXTVAL></PHOTO>");
    assertEquals("", hash);
  }

  @Test
  void aPhotoIsBase64() {
    assertEquals(
        Condition.BAD_REQUEST, condition(set("<PHOTO><BINVAL>no image!</BINVAL></PHOTO>")));
    assertNull(stored);
  }

  @Test
  void aPhotoIsOfLimitedSize() {
    assertNull(condition(set(photo(new byte[Photo.MAX_BYTES]))));
    String before = stored;
    assertEquals(Condition.POLICY_VIOLATION, condition(set(photo(new byte[Photo.MAX_BYTES + 1]))));
    assertEquals(before, stored);
  }

  @Test
  void soIsTheRest() {
    assertEquals(
        Condition.POLICY_VIOLATION,
        condition(set("<DESC>" + "\u00fc".repeat(StoredVcards.MAX_BYTES / 2) + "</DESC>")));
    assertNull(stored);
  }
}
