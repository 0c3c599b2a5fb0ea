package io.rookery.router.blocking;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.router.extension.Effect;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Session;
import io.rookery.storage.blocking.BlockList;
import io.rookery.storage.roster.RosterItem;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What somebody sees of a user when he is blocked, and when no longer (XEP-0191, section 3). */
final class Visibility {
  private Visibility() {}

  /** The user goes, for all who are blocked now and knew that he was there. */
  static List<Effect> leave(LiveAccount account, BlockList before, BlockList after) {
    List<Effect> effects = new ArrayList<>();
    Set<Jid> watchers = watchers(account, before, after);
    for (Session session : account.sessions()) {
      Set<Jid> told = new LinkedHashSet<>(session.isAvailable() ? watchers : Set.of());
      for (Jid target : List.copyOf(session.directed())) {
        if (after.blocks(target)) {
          told.add(target);
          session.undirect(target);
        }
      }
      for (Jid target : told) {
        effects.add(
            new Effect.Send(
                Stanza.of(StanzaType.PRESENCE_UNAVAILABLE, session.jid(), target, null)));
      }
    }
    return effects;
  }

  /** The user is back; what has become of the other meanwhile, he has to ask. */
  static List<Effect> comeBack(LiveAccount account, BlockList before, BlockList after) {
    List<Effect> effects = new ArrayList<>();
    Set<Jid> watchers = watchers(account, after, before);
    for (Session session : account.sessions()) {
      if (session.isAvailable()) {
        watchers.forEach(jid -> effects.add(new Effect.Send(session.presence().withTo(jid))));
        for (RosterItem item : account.contacts()) {
          Jid contact = item.contact();
          if (item.subscription().toContact() && before.blocks(contact) && !after.blocks(contact)) {
            effects.add(
                new Effect.Send(
                    Stanza.of(StanzaType.PRESENCE_PROBE, session.jid(), contact, null)));
          }
        }
      }
    }
    return effects;
  }

  /** Who may see the user's presence and is on one of the lists only. */
  private static Set<Jid> watchers(LiveAccount account, BlockList without, BlockList with) {
    Set<Jid> watchers = new LinkedHashSet<>();
    for (RosterItem item : account.contacts()) {
      Jid contact = item.contact();
      if (item.subscription().fromContact() && with.blocks(contact) && !without.blocks(contact)) {
        watchers.add(contact);
      }
    }
    for (Jid address : with.addresses()) {
      RosterItem item = address.isFull() ? account.contact(address.bare()) : null;
      if (item != null && item.subscription().fromContact() && !without.blocks(address)) {
        watchers.add(address); // one resource of a contact
      }
    }
    return watchers;
  }
}
