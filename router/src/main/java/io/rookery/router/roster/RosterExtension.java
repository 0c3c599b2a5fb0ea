package io.rookery.router.roster;

import static io.rookery.protocol.stanza.StanzaError.Condition.BAD_REQUEST;
import static io.rookery.protocol.stanza.StanzaError.Condition.ITEM_NOT_FOUND;
import static io.rookery.protocol.stanza.StanzaError.Condition.JID_MALFORMED;
import static io.rookery.protocol.stanza.StanzaError.Condition.NOT_ACCEPTABLE;
import static io.rookery.protocol.stanza.StanzaError.Condition.NOT_ALLOWED;
import static io.rookery.protocol.stanza.StanzaError.Condition.RESOURCE_CONSTRAINT;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Session;
import io.rookery.storage.roster.RosterItem;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The roster requests of clients (RFC 6121, section 2), with versions (section 2.6). */
public final class RosterExtension implements Extension {
  private static final int MAX_TEXT = 1023;

  private final RosterChanges changes;
  private final Subscriptions subscriptions;
  private final int maxItems;

  public RosterExtension(RosterChanges changes, Subscriptions subscriptions, int maxItems) {
    this.changes = changes;
    this.subscriptions = subscriptions;
    this.maxItems = maxItems;
  }

  @Override
  public Manifest manifest() {
    return Manifest.of(0, "RFC 6121", "Roster")
        .accountFeature(Namespaces.ROSTER)
        .iq(StanzaType.IQ_GET, Namespaces.ROSTER, "query", IqTarget.OWN_ACCOUNT, this::get)
        .iq(StanzaType.IQ_SET, Namespaces.ROSTER, "query", IqTarget.OWN_ACCOUNT, this::set);
  }

  private Future<IqReply> get(IqRequest request) {
    LiveAccount account = (LiveAccount) request.account();
    ((Session) request.session()).interested();
    String version = Long.toString(account.rosterVersion());
    String known = request.query().attribute("ver");
    if (version.equals(known)) {
      return Future.succeededFuture(IqReply.result()); // section 2.6.3: nothing has changed
    }
    Element query = Element.of(Namespaces.ROSTER, "query");
    if (known != null) {
      query = query.withAttribute("ver", version);
    }
    List<Element> items =
        account.contacts().stream()
            .filter(item -> !item.hidden())
            .map(RosterChanges::element)
            .toList();
    return Future.succeededFuture(IqReply.result(query.withAll(items)));
  }

  private Future<IqReply> set(IqRequest request) {
    LiveAccount account = (LiveAccount) request.account();
    List<Element> items = request.query().children();
    if (items.size() != 1
        || !items.get(0).is(Namespaces.ROSTER, "item")
        || items.get(0).attribute("jid") == null) {
      return Future.succeededFuture(IqReply.error(BAD_REQUEST)); // section 2.3.3
    }
    Element item = items.get(0);
    Jid contact;
    try {
      contact = Jid.parse(item.attribute("jid")).bare();
    } catch (InvalidJidException e) {
      return Future.succeededFuture(IqReply.error(JID_MALFORMED));
    }
    if (contact.equals(account.jid())) {
      return Future.succeededFuture(IqReply.error(NOT_ALLOWED));
    }
    return "remove".equals(item.attribute("subscription"))
        ? remove(account, contact)
        : update(account, contact, item);
  }

  private Future<IqReply> remove(LiveAccount account, Jid contact) {
    RosterItem item = account.contact(contact);
    if (item == null || item.hidden()) {
      return Future.succeededFuture(IqReply.error(ITEM_NOT_FOUND)); // section 2.5.3
    }
    return subscriptions.removeItem(account, item).map(v -> IqReply.result());
  }

  private Future<IqReply> update(LiveAccount account, Jid contact, Element item) {
    Set<String> groups = new HashSet<>();
    for (Element group : item.children()) {
      if (!group.is(Namespaces.ROSTER, "group")) {
        continue;
      }
      String name = group.text();
      if (!groups.add(name)) {
        return Future.succeededFuture(IqReply.error(BAD_REQUEST)); // section 2.3.3: twice
      }
      if (name.isEmpty() || name.length() > MAX_TEXT) {
        return Future.succeededFuture(IqReply.error(NOT_ACCEPTABLE));
      }
    }
    String name = item.attribute("name");
    if (name != null && name.length() > MAX_TEXT) {
      return Future.succeededFuture(IqReply.error(NOT_ACCEPTABLE));
    }
    RosterItem old = account.contact(contact);
    if (old == null && account.contacts().size() >= maxItems) {
      return Future.succeededFuture(IqReply.error(RESOURCE_CONSTRAINT));
    }
    RosterItem base = old == null ? RosterItem.none(contact) : old;
    return changes
        .put(account, base.withNameAndGroups(name, groups), true)
        .map(v -> IqReply.result());
  }
}
