package io.rookery.bench.scenario;

import io.rookery.bench.stream.Client;
import io.rookery.bench.stream.Element;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * Users read pages of 50 of their archives (XEP-0313 with XEP-0059): the oldest, one from the
 * middle of the time they cover, and the latest; each from the whole archive, and of what was said
 * with the other of a pair of {@link Chat}, which also fills the archives. A window of queries is
 * in flight for each user. The kinds of pages are measured one after the other.
 */
public final class Archive implements Scenario {
  private static final int PAGE = 50;
  private static final double PROBE_SECONDS = 30;
  private static final String QUERY_ID = "ar";

  private final Run run;
  private final Settings settings;
  private final String[] queries;
  private final long[] sent;
  private Latencies latencies = new Latencies();
  private boolean querying;
  private long pages;
  private long results;
  private long refused;
  private String stamp;

  public Archive(Run run) {
    this.run = run;
    this.settings = run.settings();
    this.queries = new String[settings.users()];
    this.sent = new long[settings.users()];
  }

  @Override
  public void play() throws InterruptedException {
    run.perform(() -> run.fleet().behaveAs(this));
    run.login(0, settings.users());
    run.pause("settling", settings.settle());
    String[] middles = new String[settings.users()];
    for (int i = 0; i < middles.length; i++) {
      middles[i] = middle(i);
    }
    for (boolean with : new boolean[] {false, true}) {
      measure("first", with, user -> query(user, with, "", ""));
      measure("middle", with, user -> query(user, with, field("start", middles[user]), ""));
      measure("last", with, user -> query(user, with, "", "<before/>"));
    }
    run.report().fact("refused", refused);
    run.report().line("refused queries %,d", refused);
    run.logout();
  }

  /** Makes the query of a user. */
  private interface Kind {
    String query(int user);
  }

  private void measure(String name, boolean with, Kind kind) throws InterruptedException {
    run.perform(
        () -> {
          latencies = new Latencies();
          for (int i = 0; i < queries.length; i++) {
            queries[i] = kind.query(i);
          }
          querying = true;
          for (int w = 0; w < settings.window(); w++) {
            for (int i = 0; i < queries.length; i++) {
              ask(i);
            }
          }
        });
    run.measure(with ? name + ", with" : name, "page", () -> pages, latencies);
    run.perform(() -> querying = false);
    run.pause("draining", settings.settle());
    run.report().line("results a page %.1f", (double) results / Math.max(1, pages));
  }

  private void ask(int user) {
    Client client = run.fleet().client(user);
    if (client.isReady()) {
      sent[user] = System.nanoTime();
      client.send(queries[user]);
    }
  }

  /** The middle of the time that the archive of a user covers. */
  private String middle(int user) throws InterruptedException {
    Instant first = probe(user, "");
    Instant last = probe(user, "<before/>");
    return first.plus(Duration.between(first, last).dividedBy(2)).toString();
  }

  private Instant probe(int user, String page) throws InterruptedException {
    long goal = pages + 1;
    run.perform(
        () -> {
          stamp = null;
          queries[user] = query(user, false, "", page);
          ask(user);
        });
    if (!run.await("probing", goal, () -> pages, PROBE_SECONDS) || stamp == null) {
      throw new IllegalStateException("no archive of " + run.fleet().client(user).bareJid());
    }
    return OffsetDateTime.parse(stamp).toInstant();
  }

  private String query(int user, boolean with, String fields, String page) {
    String other = with ? field("with", run.fleet().client(user ^ 1).bareJid()) : "";
    return "<iq type='set' id='%s'><query xmlns='urn:xmpp:mam:2'><x xmlns='jabber:x:data' type='submit'>"
            .formatted(QUERY_ID)
        + "<field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field>%s%s</x>"
            .formatted(other, fields)
        + "<set xmlns='http://jabber.org/protocol/rsm'><max>%d</max>%s</set></query></iq>"
            .formatted(PAGE, page);
  }

  private static String field(String name, String value) {
    return "<field var='" + name + "'><value>" + value + "</value></field>";
  }

  @Override
  public void message(Client client, Element message) {
    if (message.find("result") == null) {
      return;
    }
    results++;
    Element delay = querying ? null : message.find("delay");
    stamp = delay == null ? stamp : delay.attribute("stamp");
  }

  @Override
  public void reply(Client client, Element iq, String id) {
    if (!QUERY_ID.equals(id)) {
      return;
    }
    if (iq.has("type", "error")) {
      refused++;
      return;
    }
    pages++;
    latencies.add(System.nanoTime() - sent[client.index()]);
    if (querying) {
      ask(client.index());
    }
  }
}
