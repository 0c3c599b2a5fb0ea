package io.rookery.bench.scenario;

import io.netty.util.concurrent.ScheduledFuture;
import io.rookery.bench.measure.Accounting;
import io.rookery.bench.measure.MessageTag;
import io.rookery.bench.stream.Client;
import io.rookery.bench.stream.Element;
import java.util.concurrent.TimeUnit;

/**
 * Users change their availability (RFC 6121, section 4.4) and all their contacts hear of it. A
 * change is done when every contact has seen it; a window of users change at a time, or a fixed
 * rate of changes is kept. What is counted is deliveries.
 */
public final class Presence implements Scenario {
  private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Run run;
  private final Settings settings;
  private final MessageTag.Run tags;
  private final Ring ring;
  private final Contacts contacts;
  private final Accounting accounting;
  private final Latencies latencies = new Latencies();
  private final StringBuilder text = new StringBuilder();
  private final Change[] changes;
  private boolean sending;
  private int next;
  private long toggles;
  private long reflections;
  private long stalls;

  /** The latest change of a user. */
  private static final class Change {
    private int sequence = -1;
    private int missing;
    private long since;
  }

  public Presence(Run run, MessageTag.Run tags) {
    this.run = run;
    this.settings = run.settings();
    this.tags = tags;
    this.ring = new Ring(settings.users(), settings.friends());
    this.contacts = new Contacts(run, ring);
    this.accounting = new Accounting(contacts.goal());
    this.changes = new Change[settings.users()];
    for (int i = 0; i < changes.length; i++) {
      changes[i] = new Change();
    }
  }

  @Override
  public void play() throws InterruptedException {
    run.perform(() -> run.fleet().behaveAs(this));
    run.login(0, settings.users());
    run.pause("settling", settings.settle());
    contacts.complete();
    run.pause("settling", settings.settle());
    run.perform(this::begin);
    ScheduledFuture<?> stalled = run.every(1000, this::giveUpStalled);
    ScheduledFuture<?> load =
        settings.rate() > 0 ? run.every(1, new Pacer(settings.rate(), this::change)) : stalled;
    run.measure("delivery", accounting::delivered, latencies);
    load.cancel(false);
    stalled.cancel(false);
    run.perform(() -> sending = false);
    run.settle(accounting);
    report();
    run.logout();
  }

  private void report() {
    run.report().fact("mutual", contacts.mutual());
    run.report().fact("toggles", toggles);
    run.report().fact("reflections", reflections);
    run.report().fact("stalls", stalls);
    run.report()
        .line(
            "changes %,d, seen by oneself %,d, contacts %,d of %,d",
            toggles, reflections, contacts.mutual(), contacts.goal());
  }

  private void begin() {
    sending = true;
    if (settings.rate() == 0) {
      for (int w = 0; w < settings.window(); w++) {
        change(System.nanoTime());
      }
    }
  }

  /** Changes the next user whose last change everybody has seen. */
  private void change(long nanos) {
    for (int tried = 0; tried < changes.length; tried++) {
      int user = next;
      next = (next + 1) % changes.length;
      if (changes[user].missing == 0 && run.fleet().client(user).isReady()) {
        change(user, nanos);
        return;
      }
    }
  }

  private void change(int user, long nanos) {
    Change change = changes[user];
    change.sequence++;
    change.missing = ring.friends();
    change.since = System.nanoTime();
    toggles++;
    for (int slot = 0; slot < ring.friends(); slot++) {
      int contact = ring.contact(user, slot);
      accounting.send(ring.flow(contact, ring.slot(contact, user)));
    }
    text.setLength(0);
    text.append("<presence><show>").append(change.sequence % 2 == 0 ? "dnd" : "away");
    text.append("</show><status>");
    tags.append(text, user, change.sequence, nanos);
    run.fleet().client(user).send(text.append("</status></presence>"));
  }

  @Override
  public void presence(Client client, Element presence) {
    MessageTag tag = tags.find(presence);
    if (tag == null) {
      contacts.presence(client, presence);
    } else if (tag.flow() == client.index()) {
      reflections++;
    } else {
      int slot = ring.slot(client.index(), tag.flow());
      if (accounting.deliver(slot < 0 ? -1 : ring.flow(client.index(), slot), tag.sequence())) {
        seen(changes[tag.flow()], tag);
      }
    }
  }

  private void seen(Change change, MessageTag tag) {
    long now = System.nanoTime();
    latencies.add(now - tag.nanos());
    if (change.sequence != tag.sequence() || change.missing == 0) {
      return;
    }
    change.since = now;
    change.missing--;
    if (change.missing == 0 && sending && settings.rate() == 0) {
      change(now);
    }
  }

  private void giveUpStalled() {
    long now = System.nanoTime();
    for (Change change : changes) {
      if (change.missing > 0 && now - change.since > STALL_NANOS) {
        stalls++;
        change.missing = 0;
        if (sending && settings.rate() == 0) {
          change(now);
        }
      }
    }
  }

  @Override
  public void roster(Client client, Element iq) {
    contacts.roster(client, iq);
  }
}
