package io.rookery.storage.roster;

import io.rookery.protocol.jid.Jid;
import java.util.Map;

/**
 * A user's roster, hidden items included.
 *
 * @param version of the last change; grows with every change, 0 for a roster never written
 */
public record Roster(long version, Map<Jid, RosterItem> items) {
  public static final Roster EMPTY = new Roster(0, Map.of());

  public Roster {
    items = Map.copyOf(items);
  }
}
