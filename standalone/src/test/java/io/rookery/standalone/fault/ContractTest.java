package io.rookery.standalone.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.standalone.fault.client.Ledger;
import io.rookery.standalone.fault.client.Tally;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContractTest {
  private static final LogAudit.Outcome COMPLETE = new LogAudit.Outcome(0, 0, 0, List.of());

  private final Ledger ledger = new Ledger(1, 1);

  @Test
  void nothingIsBrokenWhenAllArrivesOnce() {
    sendsAndAcks(2);
    receives(0, 1);
    assertEquals(List.of(), breaches(Contract.resumes(1), COMPLETE));
  }

  @Test
  void lossBreaksEveryContract() {
    sendsAndAcks(2);
    receives(0);
    List<String> expected = List.of("1 acknowledged and lost");
    assertEquals(expected, breaches(Contract.resumes(1), COMPLETE));
    assertEquals(expected, breaches(Contract.reconnects(1), COMPLETE));
  }

  @Test
  void missingInTheLogBreaksEveryContract() {
    LogAudit.Outcome log = new LogAudit.Outcome(1, 0, 0, List.of());
    List<String> expected = List.of("1 acknowledged and not in the log");
    assertEquals(expected, breaches(Contract.reconnects(1), log));
  }

  @Test
  void onlyNewSessionsMayRepeat() {
    sendsAndAcks(2);
    receives(1, 0, 0);
    ledger.resumptionFailed("x");
    LogAudit.Outcome log = new LogAudit.Outcome(0, 1, 1, List.of());
    assertEquals(List.of(), breaches(Contract.reconnects(1), log));
    assertEquals(5, breaches(Contract.resumes(1), log).size());
  }

  @Test
  void neverAcknowledgedNeverReceivedRefusedAndStrangeBreak() {
    ledger.send(0, 0);
    ledger.refused(0, 0, "x");
    ledger.unexpected("x");
    ledger.violation("x");
    assertEquals(5, breaches(Contract.reconnects(1), COMPLETE).size());
  }

  @Test
  void longPauseAndUnhealedClusterBreak() {
    Tally tally = ledger.tally(0);
    assertEquals(1, Contract.resumes(1).breaches(tally, COMPLETE, false).size());
    ledger.send(0, 0);
    ledger.acked(0, 0, 0);
    ledger.received(0, 0, null, 2_000_000_000L);
    assertTrue(breaches(Contract.resumes(1), COMPLETE).get(0).contains("2000 ms"));
    assertEquals(List.of(), breaches(Contract.resumes(2), COMPLETE));
  }

  private List<String> breaches(Contract contract, LogAudit.Outcome log) {
    return contract.breaches(ledger.tally(0), log, true);
  }

  private void sendsAndAcks(int count) {
    for (int i = 0; i < count; i++) {
      ledger.acked(0, ledger.send(0, 0), 0);
    }
  }

  private void receives(int... sequences) {
    for (int sequence : sequences) {
      ledger.received(0, sequence, null, 0);
    }
  }
}
