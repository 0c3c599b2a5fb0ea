package io.rookery.bench.scenario;

import io.netty.util.concurrent.ScheduledFuture;
import io.rookery.bench.measure.Accounting;
import io.rookery.bench.measure.MessageTag;
import io.rookery.bench.stream.Client;
import io.rookery.bench.stream.Element;
import java.util.concurrent.TimeUnit;

/**
 * Pairs of users write to each other, both at once: each sends its next message when one arrives,
 * or all of them together keep a fixed rate.
 */
public final class Chat implements Scenario {
  private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Run run;
  private final Settings settings;
  private final MessageTag.Run tags;
  private final Accounting accounting;
  private final Latencies latencies = new Latencies();
  private final StringBuilder text = new StringBuilder();
  private final String[] starts;
  private final int[] inFlight;
  private final long[] lastArrival;
  private boolean sending;
  private int next;
  private long stalls;
  private long foreign;

  public Chat(Run run, MessageTag.Run tags) {
    this.run = run;
    this.settings = run.settings();
    this.tags = tags;
    this.accounting = new Accounting(settings.users());
    this.starts = new String[settings.users()];
    this.inFlight = new int[settings.users()];
    this.lastArrival = new long[settings.users()];
  }

  @Override
  public void play() throws InterruptedException {
    run.perform(() -> run.fleet().behaveAs(this));
    run.login(0, settings.users());
    run.pause("settling", settings.settle());
    run.perform(this::begin);
    ScheduledFuture<?> load =
        settings.rate() > 0
            ? run.every(1, new Pacer(settings.rate(), this::sendNext))
            : run.every(1000, this::restartStalled);
    run.measure("message", accounting::delivered, latencies);
    load.cancel(false);
    run.perform(() -> sending = false);
    run.settle(accounting);
    run.report().fact("stalls", stalls);
    run.report().fact("foreign", foreign);
    run.logout();
  }

  private void begin() {
    for (int i = 0; i < starts.length; i++) {
      Client peer = run.fleet().client(i ^ 1);
      boolean bare = settings.bare() || peer.fullJid() == null;
      String to = bare ? peer.bareJid() : peer.fullJid();
      starts[i] = "<message type='chat' to='" + to + "' id='c";
    }
    sending = true;
    if (settings.rate() == 0) {
      for (int i = 0; i < starts.length; i++) {
        fillWindow(i);
      }
    }
  }

  private void fillWindow(int sender) {
    lastArrival[sender] = System.nanoTime();
    inFlight[sender] = 0;
    for (int w = 0; w < settings.window(); w++) {
      send(sender, System.nanoTime());
    }
  }

  private void sendNext(long scheduled) {
    send(next, scheduled);
    next = (next + 1) % starts.length;
  }

  private void send(int sender, long nanos) {
    Client client = run.fleet().client(sender);
    if (!client.isReady()) {
      return;
    }
    int sequence = accounting.send(sender);
    inFlight[sender]++;
    text.setLength(0);
    text.append(starts[sender]).append(sequence).append("'><body>");
    tags.append(text, sender, sequence, nanos);
    client.send(text.append("</body></message>"));
  }

  @Override
  public void message(Client client, Element message) {
    MessageTag tag = tags.find(message);
    if (tag == null) {
      foreign++;
    } else if (message.has("type", "error")) {
      accounting.bounce(tag.flow(), tag.sequence());
    } else if (accounting.deliver(tag.flow(), tag.sequence())) {
      arrived(tag);
    }
  }

  private void arrived(MessageTag tag) {
    long now = System.nanoTime();
    latencies.add(now - tag.nanos());
    lastArrival[tag.flow()] = now;
    inFlight[tag.flow()]--;
    if (sending && settings.rate() == 0) {
      send(tag.flow(), now);
    }
  }

  /** A lost message would end its closed loop: begins that one again. */
  private void restartStalled() {
    long now = System.nanoTime();
    for (int i = 0; i < starts.length; i++) {
      if (sending && inFlight[i] > 0 && now - lastArrival[i] > STALL_NANOS) {
        stalls++;
        fillWindow(i);
      }
    }
  }
}
