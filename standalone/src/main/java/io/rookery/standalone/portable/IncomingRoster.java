package io.rookery.standalone.portable;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.storage.roster.RosterItem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The contacts of one account, and who asks to be one. */
final class IncomingRoster {
  private final int maxItems;
  private final Map<Jid, RosterItem> items = new LinkedHashMap<>();
  private final Map<Jid, Stanza> requests = new LinkedHashMap<>();

  IncomingRoster(int maxItems) {
    this.maxItems = maxItems;
  }

  /** False when there are too many. */
  boolean add(RosterItem item) {
    items.put(item.contact(), item);
    return items.size() <= maxItems;
  }

  /** False when there are too many. */
  boolean add(Stanza request) {
    if (requests.size() < maxItems) {
      requests.put(request.from(), request);
      return true;
    }
    return false;
  }

  /** Contacts and, hidden, strangers who ask. Some servers keep requests that were granted. */
  List<RosterItem> all() {
    Map<Jid, RosterItem> all = new LinkedHashMap<>(items);
    requests.forEach(
        (contact, request) -> {
          RosterItem item = all.getOrDefault(contact, RosterItem.none(contact));
          if (!item.subscription().fromContact()) {
            all.put(contact, asking(item, request));
          }
        });
    return new ArrayList<>(all.values());
  }

  private static RosterItem asking(RosterItem item, Stanza request) {
    return new RosterItem(
        item.contact(),
        item.name(),
        item.subscription(),
        item.ask(),
        item.approved(),
        new String(request.toBytes(), StandardCharsets.UTF_8),
        item.hidden(),
        item.groups());
  }
}
