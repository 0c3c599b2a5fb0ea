package io.rookery.router.vcard;

import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import io.rookery.router.session.Retries;
import io.rookery.storage.vcard.Vcards;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The vCards of accounts, for those who read and change them in the account's turn. */
public final class StoredVcards {
  /** As XML, the photo included. */
  static final int MAX_BYTES = 192 << 10;

  private final Vcards store;
  private final Retries retries;

  public StoredVcards(Vcards store, Retries retries) {
    this.store = store;
    this.retries = retries;
  }

  /** An empty vCard when there is none. */
  public Future<Element> orEmpty(AccountView account) {
    return find(account).map(found -> found.orElseGet(() -> Element.of(Vcard.NS, "vCard")));
  }

  Future<Optional<Element>> find(AccountView account) {
    return store.find(account.jid()).map(found -> found.map(Element::parse));
  }

  public static boolean fits(Element vcard) {
    return vcard.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
  }

  /**
   * Replaces the vCard, which must fit.
   *
   * @param photo hash of its photo, empty for none
   * @return what is to be done about it: contacts learn of another photo
   */
  public Future<List<Effect>> put(AccountView account, Element vcard, String photo) {
    String xml = vcard.toString();
    return retries
        .untilDone("put vCard", () -> store.put(account.jid(), xml, photo))
        .map(v -> VcardAvatars.changed(account, photo));
  }
}
