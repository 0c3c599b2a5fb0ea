package io.rookery.standalone.fault;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The short run; {@code bench/faults} is the long one. */
class FaultsTest {
  private static final List<Fault> SOME =
      List.of(Fault.TCP_RESET, Fault.CONNECTOR_KILL, Fault.ROUTER_KILL, Fault.ROLLING_UPGRADE);

  @Test
  void nothingIsLostOrDuplicated() throws Exception {
    Report report =
        new Faults(SOME, 1, 10, 2, 1, System.nanoTime(), Path.of("target", "faults")).run();
    assertTrue(report.isClean(), report::table);
    report.rows().forEach(row -> assertTrue(row.messages().acked() > 0, report::table));
  }
}
