package io.rookery.storage.roster;

import io.rookery.protocol.jid.Jid;
import java.util.Map;

/**
 * A user's roster, hidden items included.
 *
 * @param version of the last change; grows with every change, 0 for a roster never written
 * @param photo hex SHA-1 of the photo in the user's vCard (XEP-0153), empty for none: read with the
 *     roster because both are needed for the first presence
 */
public record Roster(long version, Map<Jid, RosterItem> items, String photo) {
  public static final Roster EMPTY = new Roster(0, Map.of());

  public Roster {
    items = Map.copyOf(items);
  }

  /** Of a user without a photo. */
  public Roster(long version, Map<Jid, RosterItem> items) {
    this(version, items, "");
  }
}
