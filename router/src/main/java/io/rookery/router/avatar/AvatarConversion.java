package io.rookery.router.avatar;

import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.Manifest;
import io.rookery.router.pubsub.NodeChange;
import io.rookery.router.pubsub.NodeListener;
import io.rookery.router.pubsub.ServerPublications;
import io.rookery.router.pubsub.ServerPublications.Audience;
import io.rookery.router.pubsub.ServerPublications.Profile;
import io.rookery.router.vcard.Photo;
import io.rookery.router.vcard.StoredVcards;
import io.rookery.router.vcard.VcardListener;
import io.rookery.storage.pubsub.StoredItem;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * XEP-0398: User Avatar to vCard-Based Avatars Conversion, both ways. The later write counts,
 * whichever way it comes: what a client has written is converted in the same turn of the account.
 * An avatar that not everybody may see is not put into the vCard, which everybody may (section 6).
 */
public final class AvatarConversion implements Extension, NodeListener, VcardListener {
  private static final String NS = "urn:xmpp:pep-vcard-conversion:0";
  private static final Photo NO_PHOTO = new Photo("", new byte[0]);

  private final ServerPublications publications;
  private final StoredVcards vcards;

  public AvatarConversion(ServerPublications publications, StoredVcards vcards) {
    this.publications = publications;
    this.vcards = vcards;
  }

  @Override
  public Manifest manifest() {
    return Manifest.of(398, "1.0.0", "User Avatar to vCard-Based Avatars Conversion")
        .accountFeature(NS);
  }

  @Override
  public Set<String> nodes() {
    return Set.of(Metadata.NS, Metadata.DATA);
  }

  /** Section 3.1. Who makes an avatar one for contacts takes it from everybody. */
  @Override
  public Future<List<Effect>> changed(AccountView account, NodeChange change) {
    if (!change.isOpen() && !change.isClosed()) {
      return nothing();
    }
    if (change.node().equals(Metadata.DATA)) {
      return change.published() == null ? nothing() : late(account, change.published());
    }
    return metadata(account)
        .compose(
            metadata -> {
              if (metadata == null && !change.removes()) {
                return nothing();
              }
              boolean none = metadata == null || change.isClosed();
              return toVcard(account, none ? Metadata.NONE : metadata);
            });
  }

  /** Data comes before what is said of it, but not from two devices at a time. */
  private Future<List<Effect>> late(AccountView account, String id) {
    return publications
        .audience(account, Metadata.NS)
        .compose(
            audience ->
                audience == Audience.EVERYBODY
                    ? metadata(account)
                    : Future.<Element>succeededFuture())
        .compose(
            metadata ->
                Metadata.info(metadata).filter(info -> info.id().equals(id)).isPresent()
                    ? toVcard(account, metadata)
                    : nothing());
  }

  private Future<Element> metadata(AccountView account) {
    return publications.items(account, Metadata.NS).map(ServerPublications::payload);
  }

  private Future<List<Effect>> toVcard(AccountView account, Element metadata) {
    if (Metadata.isNone(metadata)) {
      return account.photo().isEmpty() ? nothing() : toVcard(account, NO_PHOTO);
    }
    Optional<Metadata.Info> info = Metadata.info(metadata);
    if (info.isEmpty()) {
      return nothing(); // the image is elsewhere
    }
    return publications
        .audience(account, Metadata.DATA)
        .compose(
            audience ->
                audience == Audience.EVERYBODY
                    ? publications
                        .items(account, Metadata.DATA)
                        .compose(items -> toVcard(account, info.get(), items))
                    : nothing());
  }

  /** What the metadata says last counts, also when another device has replaced the image. */
  private Future<List<Effect>> toVcard(
      AccountView account, Metadata.Info info, List<StoredItem> items) {
    Optional<StoredItem> named =
        items.stream().filter(item -> item.id().equals(info.id())).findFirst();
    if (named.isEmpty()) {
      boolean none = account.photo().isEmpty() || account.photo().equalsIgnoreCase(info.id());
      return none ? nothing() : toVcard(account, NO_PHOTO);
    }
    return named
        .map(ServerPublications::payload)
        .flatMap(data -> Metadata.photo(info, data))
        .filter(photo -> !photo.hash().equals(account.photo()))
        .map(photo -> toVcard(account, photo))
        .orElseGet(AvatarConversion::nothing);
  }

  private Future<List<Effect>> toVcard(AccountView account, Photo photo) {
    return vcards
        .orEmpty(account)
        .map(photo::in)
        .compose(
            vcard ->
                StoredVcards.fits(vcard) ? vcards.put(account, vcard, photo.hash()) : nothing());
  }

  /** Section 3.2, and a photo that has gone. */
  @Override
  public Future<List<Effect>> written(AccountView account, Element before, Element after) {
    Photo photo = photo(after);
    Photo old = photo.isNone() ? photo(before) : photo;
    if (old.isNone() || photo.type() == null && !photo.isNone()) {
      return nothing();
    }
    return metadata(account)
        .compose(
            metadata -> {
              boolean published =
                  Metadata.info(metadata)
                      .filter(info -> info.id().equalsIgnoreCase(old.hash()))
                      .isPresent();
              if (photo.isNone()) {
                return published ? publish("none", Metadata.NONE, account) : nothing();
              }
              return published ? nothing() : publish(photo, account);
            });
  }

  /** The data first, then who asks for what the metadata says finds it. */
  private Future<List<Effect>> publish(Photo photo, AccountView account) {
    return publications
        .publish(account, Metadata.DATA, Profile.PUBLIC, Map.of(photo.hash(), Metadata.data(photo)))
        .compose(
            data ->
                publish(photo.hash(), Metadata.of(photo), account)
                    .map(metadata -> joined(data, metadata)));
  }

  private Future<List<Effect>> publish(String id, Element metadata, AccountView account) {
    return publications.publish(account, Metadata.NS, Profile.PUBLIC, Map.of(id, metadata));
  }

  private static List<Effect> joined(List<Effect> first, List<Effect> then) {
    List<Effect> all = new ArrayList<>(first);
    all.addAll(then);
    return all;
  }

  /** None when it is not base64, as something put there by an import may be. */
  private static Photo photo(Element vcard) {
    try {
      return Photo.of(vcard);
    } catch (IllegalArgumentException notBase64) {
      return NO_PHOTO;
    }
  }

  private static Future<List<Effect>> nothing() {
    return Future.succeededFuture(List.of());
  }
}
