package io.rookery.standalone.fault;

import io.rookery.standalone.fault.client.Tally;
import java.util.List;

/**
 * What the injections of one fault have cost.
 *
 * @param times injected
 * @param trouble why the cluster did not become whole again; null when it did
 * @param breaches of the contract, in words
 */
record Row(
    String fault,
    int times,
    String trouble,
    Tally messages,
    LogAudit.Outcome log,
    List<String> breaches) {
  Row {
    breaches = List.copyOf(breaches);
  }
}
