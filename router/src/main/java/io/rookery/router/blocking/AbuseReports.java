package io.rookery.router.blocking;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.Manifest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * XEP-0377: Blocking with a report of spam or abuse. A report is a line in the log, without what
 * the user wrote, and is counted; it goes nowhere else, whatever processing it allows. It never
 * changes what becomes of the block command.
 */
public final class AbuseReports implements Extension {
  private static final Logger LOG = LoggerFactory.getLogger(AbuseReports.class);
  private static final String NS = "urn:xmpp:reporting:1";
  private static final String STANZA_IDS = "urn:xmpp:sid:0";

  /** Of one command; nobody fills the log with more. */
  private static final int MAX_REPORTS = 20;

  private final MeterRegistry meters;

  public AbuseReports(MeterRegistry meters) {
    this.meters = meters;
  }

  @Override
  public Manifest manifest() {
    return Manifest.of(377, "0.4.1", "Blocking Command Reports").serverFeature(NS);
  }

  /**
   * Files the reports in a block command (section 5).
   *
   * @param command whose items have valid addresses
   */
  void file(Jid user, Element command) {
    int filed = 0;
    for (Element item : command.children(BlockingCommand.NS, "item")) {
      Element report = item.child(NS, "report");
      if (report != null && filed++ < MAX_REPORTS) {
        String reason = reason(report);
        count(reason);
        LOG.info(
            "{} reports {} for {}, naming {} messages",
            user,
            Jid.parse(item.attribute("jid")),
            reason,
            report.children(STANZA_IDS, "stanza-id").size());
      }
    }
  }

  /** Only what is known gets into names of metrics and the log. */
  private static String reason(Element report) {
    String reason = report.attribute("reason");
    if ("urn:xmpp:reporting:spam".equals(reason)) {
      return "spam";
    }
    return "urn:xmpp:reporting:abuse".equals(reason) ? "abuse" : "other";
  }

  private void count(String reason) {
    Counter.builder("rookery.abuse.reports")
        .description("Addresses that users blocked and reported, by reason")
        .tag("reason", reason)
        .register(meters)
        .increment();
  }
}
