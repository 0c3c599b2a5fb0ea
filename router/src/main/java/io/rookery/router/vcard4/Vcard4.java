package io.rookery.router.vcard4;

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
import io.rookery.router.vcard.StoredVcards;
import io.rookery.router.vcard.VcardListener;
import io.rookery.storage.pubsub.StoredItem;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * XEP-0292: vCard4 Over XMPP, at a node of the account; the same user's vcard-temp says the same in
 * the fields that both have. Everybody may read a vcard-temp, so a vCard4 that not everybody may
 * see has nothing to do with it.
 */
public final class Vcard4 implements Extension, NodeListener, VcardListener {
  /** The node. */
  public static final String NODE = "urn:xmpp:vcard4";

  private static final String NS = "urn:ietf:params:xml:ns:vcard-4.0";
  private static final String CURRENT = "current";

  private final ServerPublications publications;
  private final StoredVcards vcards;

  public Vcard4(ServerPublications publications, StoredVcards vcards) {
    this.publications = publications;
    this.vcards = vcards;
  }

  @Override
  public Manifest manifest() {
    return Manifest.of(292, "0.12.0", "vCard4 Over XMPP").accountFeature(NS);
  }

  @Override
  public Set<String> nodes() {
    return Set.of(NODE);
  }

  /** Who takes the vCard4 from everybody takes its fields from the vcard-temp, too. */
  @Override
  public Future<List<Effect>> changed(AccountView account, NodeChange change) {
    if (!change.isOpen() && !change.isClosed()) {
      return nothing();
    }
    return publications
        .items(account, NODE)
        .map(ServerPublications::payload)
        .compose(
            vcard4 -> {
              if (vcard4 == null) {
                return change.removes() ? toTemp(account, List.of()) : nothing();
              }
              if (!vcard4.is(NS, "vcard")) {
                return nothing();
              }
              return toTemp(account, change.isClosed() ? List.of() : FromFour.fields(vcard4));
            });
  }

  private Future<List<Effect>> toTemp(AccountView account, List<Element> fields) {
    return vcards
        .orEmpty(account)
        .compose(
            before -> {
              Element after = Format.TEMP.with(before, fields);
              return after.equals(before) || !StoredVcards.fits(after)
                  ? nothing()
                  : vcards.put(account, after, account.photo());
            });
  }

  /** A vcard-temp that has only another photo says nothing new. */
  @Override
  public Future<List<Effect>> written(AccountView account, Element before, Element after) {
    List<Element> fields = FromTemp.fields(after);
    if (fields.equals(FromTemp.fields(before))) {
      return nothing();
    }
    return publications
        .audience(account, NODE)
        .compose(
            audience ->
                audience == Audience.NOBODY || audience == Audience.EVERYBODY
                    ? publications
                        .items(account, NODE)
                        .compose(items -> publish(account, items, fields))
                    : nothing());
  }

  private Future<List<Effect>> publish(
      AccountView account, List<StoredItem> items, List<Element> fields) {
    Element last = ServerPublications.payload(items);
    boolean usable = last != null && last.is(NS, "vcard");
    Element vcard = Format.FOUR.with(usable ? last : Element.of(NS, "vcard"), fields);
    String id = items.isEmpty() ? CURRENT : items.get(items.size() - 1).id();
    return publications.publish(account, NODE, Profile.PUBLIC, Map.of(id, vcard));
  }

  private static Future<List<Effect>> nothing() {
    return Future.succeededFuture(List.of());
  }
}
