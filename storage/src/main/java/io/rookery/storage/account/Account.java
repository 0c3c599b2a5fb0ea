package io.rookery.storage.account;

import io.rookery.protocol.jid.Jid;
import java.time.Instant;
import java.util.Map;

/**
 * A registered account.
 *
 * @param jid its bare address
 * @param keys one set of SCRAM keys per hash function; an account can lack some (imported ones)
 * @param disabled nobody can log in (XEP-0133)
 */
public record Account(
    Jid jid, Map<ScramKeys.Hash, ScramKeys> keys, Instant created, boolean disabled) {
  public Account {
    keys = Map.copyOf(keys);
  }

  /** A new one, which is not disabled. */
  public Account(Jid jid, Map<ScramKeys.Hash, ScramKeys> keys, Instant created) {
    this(jid, keys, created, false);
  }

  /**
   * False while an import has not finished it: nobody can log in, and for everybody else it does
   * not exist yet.
   */
  public boolean isComplete() {
    return !keys.isEmpty();
  }
}
