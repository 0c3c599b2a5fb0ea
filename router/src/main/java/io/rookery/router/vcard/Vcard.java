package io.rookery.router.vcard;

import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * XEP-0054: vcard-temp. Everybody may read a user's vCard; of one that does not exist it cannot be
 * told whether the user does (section 3.3).
 */
public final class Vcard implements Extension {
  public static final String NS = "vcard-temp";

  private final StoredVcards vcards;
  private final List<VcardListener> listeners;

  public Vcard(StoredVcards vcards, List<VcardListener> listeners) {
    this.vcards = vcards;
    this.listeners = List.copyOf(listeners);
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
    return vcards
        .find(request.account())
        .map(found -> found.map(IqReply::result).orElseGet(() -> IqReply.error(whenThereIsNone)));
  }

  private Future<IqReply> set(IqRequest request) {
    Element vcard = request.query();
    Photo photo;
    try {
      photo = Photo.of(vcard);
    } catch (IllegalArgumentException notBase64) {
      return refuse(Condition.BAD_REQUEST);
    }
    if (photo.image().length > Photo.MAX_BYTES || !StoredVcards.fits(vcard)) {
      return refuse(Condition.POLICY_VIOLATION);
    }
    AccountView account = request.account();
    return account
        .inTurn(() -> vcards.orEmpty(account).compose(before -> set(account, before, vcard, photo)))
        .map(effects -> IqReply.result().and(effects));
  }

  private Future<List<Effect>> set(
      AccountView account, Element before, Element vcard, Photo photo) {
    Future<List<Effect>> done = vcards.put(account, vcard, photo.hash());
    for (VcardListener listener : listeners) {
      done =
          done.compose(
              effects ->
                  listener.written(account, before, vcard).map(more -> joined(effects, more)));
    }
    return done;
  }

  private static List<Effect> joined(List<Effect> effects, List<Effect> more) {
    List<Effect> all = new ArrayList<>(effects);
    all.addAll(more);
    return all;
  }

  /**
   * Hex SHA-1 of the photo in a vCard, the empty text when it has none; nothing when the vCard is
   * larger than what is kept.
   *
   * @throws IllegalArgumentException when the photo is not base64
   */
  public static Optional<String> photo(Element vcard) {
    Photo photo = Photo.of(vcard);
    boolean fits = photo.image().length <= Photo.MAX_BYTES && StoredVcards.fits(vcard);
    return fits ? Optional.of(photo.hash()) : Optional.empty();
  }
}
