package io.rookery.bench.scenario;

import io.rookery.bench.measure.Accounting;
import io.rookery.bench.measure.MessageTag;
import io.rookery.bench.stream.Client;
import io.rookery.bench.stream.Element;

/**
 * Users publish what they listen to (XEP-0163, XEP-0118), and all their contacts, who have said
 * that they are interested (XEP-0115), are told. The next user publishes when everybody has heard
 * of the one before, a window of them at a time. What is counted is deliveries.
 */
public final class Publish implements Scenario {
  private static final String TUNE = "http://jabber.org/protocol/tune";
  private static final String INFO = "http://jabber.org/protocol/disco#info";
  private static final String CAPS =
      "<presence><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:rookery:bench'"
          + " ver='uncounted'/></presence>";

  private final Run run;
  private final Settings settings;
  private final MessageTag.Run tags;
  private final Ring ring;
  private final Contacts contacts;
  private final Accounting accounting;
  private final Latencies latencies = new Latencies();
  private final StringBuilder text = new StringBuilder();
  private final int[] sequences;
  private final int[] missing;
  private boolean publishing;
  private int next;
  private long published;
  private long asked;

  public Publish(Run run, MessageTag.Run tags) {
    this.run = run;
    this.settings = run.settings();
    this.tags = tags;
    this.ring = new Ring(settings.users(), settings.friends());
    this.contacts = new Contacts(run, ring);
    this.accounting = new Accounting(contacts.goal());
    this.sequences = new int[settings.users()];
    this.missing = new int[settings.users()];
  }

  @Override
  public void play() throws InterruptedException {
    run.perform(() -> run.fleet().behaveAs(this));
    run.login(0, settings.users());
    run.pause("settling", settings.settle());
    contacts.complete();
    run.perform(
        () -> {
          for (int i = 0; i < settings.users(); i++) {
            run.fleet().client(i).send(CAPS);
          }
        });
    run.await("saying what is of interest", settings.users(), () -> asked, 30, 3);
    run.pause("settling", settings.settle());
    run.perform(this::begin);
    run.measure("delivery", accounting::delivered, latencies);
    run.perform(() -> publishing = false);
    run.settle(accounting);
    run.report().fact("published", published);
    run.report().line("published %,d, contacts asked for their interests %,d", published, asked);
    run.logout();
  }

  private void begin() {
    publishing = true;
    for (int w = 0; w < settings.window(); w++) {
      publish();
    }
  }

  private void publish() {
    int user = next;
    next = (next + 1) % settings.users();
    if (missing[user] > 0) {
      return;
    }
    int sequence = sequences[user]++;
    missing[user] = ring.friends();
    for (int slot = 0; slot < ring.friends(); slot++) {
      int contact = ring.contact(user, slot);
      accounting.send(ring.flow(contact, ring.slot(contact, user)));
    }
    text.setLength(0);
    text.append("<iq type='set' id='pu'><pubsub xmlns='http://jabber.org/protocol/pubsub'>");
    text.append("<publish node='" + TUNE + "'><item id='current'><tune xmlns='" + TUNE + "'>");
    text.append("<title>");
    tags.append(text, user, sequence, System.nanoTime());
    text.append("</title></tune></item></publish></pubsub></iq>");
    run.fleet().client(user).send(text);
    published++;
  }

  @Override
  public void message(Client client, Element message) {
    MessageTag tag = tags.find(message);
    int slot = tag == null ? -1 : ring.slot(client.index(), tag.flow());
    if (slot < 0 || !accounting.deliver(ring.flow(client.index(), slot), tag.sequence())) {
      return;
    }
    latencies.add(System.nanoTime() - tag.nanos());
    if (--missing[tag.flow()] == 0 && publishing) {
      publish();
    }
  }

  @Override
  public String answer(Client client, Element request) {
    if (!request.contains(INFO)) {
      return null;
    }
    asked++;
    return "<query xmlns='" + INFO + "'><feature var='" + TUNE + "+notify'/></query>";
  }

  @Override
  public void presence(Client client, Element presence) {
    contacts.presence(client, presence);
  }

  @Override
  public void roster(Client client, Element iq) {
    contacts.roster(client, iq);
  }
}
