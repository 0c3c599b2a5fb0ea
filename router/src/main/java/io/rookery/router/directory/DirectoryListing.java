package io.rookery.router.directory;

import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import io.rookery.router.pubsub.NodeChange;
import io.rookery.router.pubsub.NodeListener;
import io.rookery.router.pubsub.ServerPublications;
import io.rookery.router.pubsub.ServerPublications.Audience;
import io.rookery.router.session.Retries;
import io.rookery.router.vcard.VcardListener;
import io.rookery.router.vcard4.Vcard4;
import io.rookery.storage.directory.Directory;
import io.rookery.storage.directory.DirectoryEntry;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;

/**
 * Keeps what is told of users who want to be found as it is in their vCard4, as long as everybody
 * may read that. Also where nobody can search for them now: nothing is told later that is not
 * public any more.
 */
public final class DirectoryListing implements NodeListener, VcardListener {
  private final Directory directory;
  private final ServerPublications publications;
  private final Retries retries;
  private final NodeListener first;

  /**
   * @param first learns of the vCard4 before
   */
  public DirectoryListing(
      Directory directory, ServerPublications publications, Retries retries, NodeListener first) {
    this.directory = directory;
    this.publications = publications;
    this.retries = retries;
    this.first = first;
  }

  @Override
  public Set<String> nodes() {
    return first.nodes();
  }

  @Override
  public Future<List<Effect>> changed(AccountView account, NodeChange change) {
    return first.changed(account, change).compose(effects -> refresh(account).map(effects));
  }

  @Override
  public Future<List<Effect>> missing(AccountView account, String node) {
    return first.missing(account, node);
  }

  @Override
  public Future<List<Effect>> written(AccountView account, Element before, Element after) {
    return refresh(account).map(List.of());
  }

  private Future<Void> refresh(AccountView account) {
    return retries
        .untilDone("find directory entry", () -> directory.find(account.jid()))
        .compose(found -> found.isPresent() ? list(account) : Future.succeededFuture());
  }

  /** The user wants to be found; in the account's turn. */
  Future<Void> list(AccountView account) {
    return retries.untilDone(
        "put directory entry",
        () ->
            vcard(account)
                .map(PublicNames::of)
                .compose(names -> directory.put(new DirectoryEntry(account.jid(), names))));
  }

  /** The user does not want to be found any more; in the account's turn. */
  Future<Void> unlist(AccountView account) {
    return retries.untilDone("delete directory entry", () -> directory.delete(account.jid()));
  }

  private Future<Element> vcard(AccountView account) {
    return publications
        .audience(account, Vcard4.NODE)
        .compose(
            audience ->
                audience == Audience.EVERYBODY
                    ? publications.items(account, Vcard4.NODE).map(ServerPublications::payload)
                    : Future.succeededFuture());
  }
}
