package io.rookery.router.vcard;

import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.rookery.storage.vcard.Vcards;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * XEP-0054: vcard-temp. Everybody may read a user's vCard; of one that does not exist it cannot be
 * told whether the user does (section 3.3).
 */
public final class Vcard implements Extension {
  static final String NS = "vcard-temp";

  /** As XML, the photo included. */
  static final int MAX_BYTES = 192 << 10;

  private final Vcards store;

  public Vcard(Vcards store) {
    this.store = store;
  }

  @Override
  public Manifest manifest() {
    return Manifest.of(54, "1.3.0", "vcard-temp")
        .serverFeature(NS)
        .accountFeature(NS)
        .iq(StanzaType.IQ_GET, NS, "vCard", IqTarget.OWN_ACCOUNT, this::own)
        .iq(StanzaType.IQ_SET, NS, "vCard", IqTarget.OWN_ACCOUNT, this::set)
        .iq(StanzaType.IQ_GET, NS, "vCard", IqTarget.OTHER_ACCOUNT, this::others)
        .iq(
            StanzaType.IQ_SET,
            NS,
            "vCard",
            IqTarget.OTHER_ACCOUNT,
            request -> refuse(Condition.FORBIDDEN));
  }

  private static Future<IqReply> refuse(Condition condition) {
    return Future.succeededFuture(IqReply.error(condition));
  }

  private Future<IqReply> own(IqRequest request) {
    return request.account().inTurn(() -> find(request, Condition.ITEM_NOT_FOUND));
  }

  private Future<IqReply> others(IqRequest request) {
    return find(request, Condition.SERVICE_UNAVAILABLE);
  }

  private Future<IqReply> find(IqRequest request, Condition whenThereIsNone) {
    return store
        .find(request.account().jid())
        .map(
            found ->
                found
                    .map(xml -> IqReply.result(Element.parse(xml)))
                    .orElseGet(() -> IqReply.error(whenThereIsNone)));
  }

  private Future<IqReply> set(IqRequest request) {
    Optional<String> taken;
    try {
      taken = photo(request.query());
    } catch (IllegalArgumentException notBase64) {
      return refuse(Condition.BAD_REQUEST);
    }
    if (taken.isEmpty()) {
      return refuse(Condition.POLICY_VIOLATION);
    }
    String xml = request.query().toString();
    String hash = taken.get();
    return request
        .account()
        .inTurn(() -> store.put(request.account().jid(), xml, hash))
        .map(IqReply.result().with(new Effect.SetPhoto(hash)));
  }

  /**
   * Hex SHA-1 of the photo in a vCard, the empty text when it has none; nothing when the vCard is
   * larger than what is kept.
   *
   * @throws IllegalArgumentException when the photo is not base64
   */
  public static Optional<String> photo(Element vcard) {
    byte[] photo = Photo.of(vcard);
    boolean fits = photo.length <= Photo.MAX_BYTES && vcard.toBytes().length <= MAX_BYTES;
    return fits ? Optional.of(Photo.hash(photo)) : Optional.empty();
  }
}
