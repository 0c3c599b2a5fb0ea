package io.rookery.bench.scenario;

import io.rookery.bench.measure.Accounting;
import io.rookery.bench.measure.MessageTag;
import io.rookery.bench.measure.Meter;
import io.rookery.bench.stream.Client;
import io.rookery.bench.stream.Element;

/**
 * Messages to users who are not there (XEP-0160). Storing: a few senders write to every absent
 * user; a ping (XEP-0199) after every window paces them and marks the end. Delivering: the users
 * log in and receive; their logins are part of its cost.
 */
public final class Offline implements Scenario {
  private static final double PAUSE_SECONDS = 2;
  private static final double STORE_QUIET_SECONDS = 30;
  private static final double DELIVER_QUIET_SECONDS = 5;
  private static final double MOST_SECONDS = 3600;
  private static final String PING_ID = "pg";

  private final Run run;
  private final Settings settings;
  private final MessageTag.Run tags;
  private final Accounting accounting;
  private final StringBuilder text = new StringBuilder();
  private final int[] position;
  private final int[] acknowledged;
  private final int total;
  private final String ping;
  private long stored;
  private long foreign;
  private long lastArrival;

  public Offline(Run run, MessageTag.Run tags, String domain) {
    this.run = run;
    this.settings = run.settings();
    this.tags = tags;
    this.accounting = new Accounting(settings.users());
    this.position = new int[settings.senders()];
    this.acknowledged = new int[settings.senders()];
    this.total = Math.multiplyExact(settings.users(), settings.count());
    this.ping =
        ("<iq type='get' id='" + PING_ID + "' to='" + domain)
            + "'><ping xmlns='urn:xmpp:ping'/></iq>";
  }

  @Override
  public void play() throws InterruptedException {
    int users = settings.users();
    run.perform(() -> run.fleet().behaveAs(this));
    run.login(users, users + settings.senders());
    run.pause("settling", settings.settle());
    store();
    run.pause("settling", PAUSE_SECONDS);
    deliver();
    run.perform(() -> run.report().balance(accounting.settle()));
    run.report().fact("foreign", foreign);
    run.report().memory("memory", run.meter());
    run.logout();
  }

  private void store() throws InterruptedException {
    Meter.Reading before = run.read(accounting::sent);
    run.perform(
        () -> {
          for (int sender = 0; sender < settings.senders(); sender++) {
            sendWindow(sender);
          }
        });
    run.await("storing", total, () -> stored, MOST_SECONDS, STORE_QUIET_SECONDS);
    Meter.Reading after = run.read(() -> stored);
    run.report().phase(run.meter().between("store", "message", before, after, null));
  }

  private void deliver() throws InterruptedException {
    int users = settings.users();
    Meter.Reading before = run.read(accounting::delivered);
    run.perform(() -> run.fleet().login(0, users));
    boolean all =
        run.await(
            "delivering",
            accounting.sent(),
            accounting::delivered,
            run.loginSeconds(users),
            DELIVER_QUIET_SECONDS);
    Meter.Reading after = run.read(accounting::delivered);
    after = all ? after : after.endedAt(lastArrival);
    run.report().phase(run.meter().between("deliver", "message", before, after, null));
  }

  private void sendWindow(int sender) {
    Client client = run.fleet().client(settings.users() + sender);
    int sent = 0;
    while (sent < settings.window() && receiver(sender) < settings.users() && client.isReady()) {
      send(client, receiver(sender));
      position[sender]++;
      sent++;
    }
    if (sent > 0) {
      client.send(ping);
    }
  }

  /** Senders share the receivers in turn; each gets all its messages from one sender. */
  private int receiver(int sender) {
    return position[sender] / settings.count() * settings.senders() + sender;
  }

  private void send(Client client, int receiver) {
    int sequence = accounting.send(receiver);
    text.setLength(0);
    text.append("<message type='chat' to='").append(run.fleet().client(receiver).bareJid());
    text.append("' id='o").append(sequence).append("'><body>");
    tags.append(text, receiver, sequence, System.nanoTime());
    client.send(text.append("</body></message>"));
  }

  @Override
  public void reply(Client client, Element iq, String id) {
    int sender = client.index() - settings.users();
    if (sender >= 0 && PING_ID.equals(id)) {
      stored += position[sender] - acknowledged[sender];
      acknowledged[sender] = position[sender];
      sendWindow(sender);
    }
  }

  @Override
  public void message(Client client, Element message) {
    MessageTag tag = tags.find(message);
    if (tag == null) {
      foreign++;
    } else if (message.has("type", "error")) {
      accounting.bounce(tag.flow(), tag.sequence());
    } else if (accounting.deliver(tag.flow(), tag.sequence())) {
      lastArrival = System.nanoTime();
    }
  }
}
