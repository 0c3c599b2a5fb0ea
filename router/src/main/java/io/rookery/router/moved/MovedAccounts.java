package io.rookery.router.moved;

import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.Manifest;
import io.rookery.router.extension.Relations;
import io.rookery.router.pubsub.VisibleItems;
import io.rookery.router.roster.Moves;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * XEP-0283: Moved, on the side of the contacts of who has moved, and of his old account. The
 * statement that he publishes there is an item as any other.
 */
public final class MovedAccounts implements Extension, Moves {
  static final String NS = "urn:xmpp:moved:1";

  private static final Logger LOG = LoggerFactory.getLogger(MovedAccounts.class);
  private static final String ITEM = "current";

  private final VisibleItems own;
  private final VisibleItems others;
  private final Set<String> domains;

  /**
   * @param own what is at the nodes of accounts whose owner this is
   * @param others the same of all accounts
   * @param domains of these accounts
   */
  public MovedAccounts(VisibleItems own, VisibleItems others, Set<String> domains) {
    this.own = own;
    this.others = others;
    this.domains = Set.copyOf(domains);
  }

  @Override
  public Manifest manifest() {
    return Manifest.of(283, "0.2.0", "Moved").partial("Between accounts of this service");
  }

  /**
   * Who may read the statement is told the new address where it would be of use to him (RFC 6120,
   * section 8.3.3.5); to everybody else the account is as it was (section 6.1).
   */
  @Override
  public Future<Jid> newAddress(Relations user, Jid asker) {
    return own.payload(user, NS, ITEM, asker)
        .map(statement -> address(statement, "new-jid"))
        .map(now -> user.jid().equals(now) ? null : now)
        .otherwise(failure -> unknown(user.jid(), failure));
  }

  /** Sections 4.3 and 4.4: what is not proven is ignored. */
  @Override
  public Future<Jid> oldAddress(Relations user, Stanza request) {
    Element notification =
        request.payload().has(NS, "moved") ? request.payload().element(NS, "moved") : null;
    Jid old = address(notification, "old-jid");
    if (old == null || !maySee(user, old)) {
      return Future.succeededFuture();
    }
    Jid sender = request.from().bare();
    return statement(old, user.jid())
        .map(statement -> sender.equals(address(statement, "new-jid")) ? old : null)
        .otherwise(failure -> unknown(old, failure));
  }

  private static boolean maySee(Relations user, Jid contact) {
    return user.contact(contact) != null && user.contact(contact).subscription().fromContact();
  }

  /**
   * The statement at an old address, as the contact sees it; null for none.
   *
   * <p>One of another service has to be asked for by an IQ from the contact's bare address, where
   * {@code gone} with an address is a statement, too (section 4.3). Until there are streams to
   * other services there is none. This is the place for it: it must not be waited for here as long
   * as another service may take, because other stanzas for the contact wait.
   */
  private Future<Element> statement(Jid old, Jid contact) {
    return domains.contains(old.domain())
        ? others.payload(old, NS, ITEM, contact)
        : Future.succeededFuture();
  }

  /** The one bare address in a statement or a notification, null for none. */
  private static Jid address(Element moved, String name) {
    List<Element> all =
        moved == null || !moved.is(NS, "moved") ? List.of() : moved.children(NS, name);
    if (all.size() != 1) {
      return null;
    }
    try {
      Jid address = Jid.parse(all.get(0).text().strip());
      return address.isBare() && !address.isDomain() ? address : null;
    } catch (InvalidJidException e) {
      return null;
    }
  }

  private static Jid unknown(Jid account, Throwable failure) {
    LOG.warn("whether {} has moved is not known: {}", account, failure.toString());
    return null;
  }
}
