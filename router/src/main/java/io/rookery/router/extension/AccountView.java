package io.rookery.router.extension;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.roster.RosterItem;
import java.util.List;

/** What an extension may see of the account it works for. Valid on the account's loop only. */
public interface AccountView {

  /** The bare address. */
  Jid jid();

  /** The connected sessions, available or not. */
  List<? extends SessionView> sessions();

  /** The roster item of a contact, null when there is none or the roster is not loaded. */
  RosterItem contact(Jid bare);
}
