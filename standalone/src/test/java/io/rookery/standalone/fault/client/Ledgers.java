package io.rookery.standalone.fault.client;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The ledgers of all runs: what arrives late is entered where it belongs. One thread. */
final class Ledgers {
  private static final int REASONS = 20;

  private final Map<Long, Ledger> byRun = new HashMap<>();
  private final Set<String> loginsRefused = new LinkedHashSet<>();
  private Ledger current;

  void begin(Ledger ledger) {
    byRun.put(ledger.run(), ledger);
    current = ledger;
  }

  /** Where sessions and what belongs to no message are entered. */
  Ledger current() {
    return current;
  }

  /** The current one for an unknown run, which it then calls unexpected. */
  Ledger of(long run) {
    return byRun.getOrDefault(run, current);
  }

  void acked(Tag tag, long nanos) {
    of(tag.run()).acked(tag.flow(), tag.sequence(), nanos);
  }

  void received(Tag tag, String stanzaId, long nanos) {
    Ledger ledger = byRun.get(tag.run());
    if (ledger == null) {
      current.unexpected("of another run: " + tag);
    } else {
      ledger.received(tag.flow(), tag.sequence(), stanzaId, nanos);
    }
  }

  /** Not a failure as long as the client gets in later. */
  void loginRefused(String why) {
    if (loginsRefused.size() < REASONS) {
      loginsRefused.add(why);
    }
  }

  Set<String> loginsRefused() {
    return Set.copyOf(loginsRefused);
  }
}
