package io.rookery.bench.scenario;

import io.rookery.bench.stream.Client;
import io.rookery.bench.stream.ClientHandler;
import io.rookery.bench.stream.Element;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * Makes the users of a {@link Ring} mutual contacts (RFC 6121, section 3): everybody asks for and
 * grants every subscription that the rosters do not show yet. Used on the event loop only.
 */
final class Contacts implements ClientHandler {
  private final Run run;
  private final Ring ring;
  private final Map<String, Integer> users = new HashMap<>();
  private final BitSet mutual = new BitSet();
  private final Queue<Integer> wanted = new ArrayDeque<>();
  private int asked;
  private int granted;

  Contacts(Run run, Ring ring) {
    this.run = run;
    this.ring = ring;
    for (int i = 0; i < ring.users(); i++) {
      users.put(run.fleet().client(i).bareJid(), i);
    }
  }

  /** Subscriptions in both directions that the rosters have shown. */
  int mutual() {
    return mutual.cardinality();
  }

  int goal() {
    return ring.users() * ring.friends();
  }

  /** Makes the missing ones, a bounded number at a time; on the scenario's thread. */
  void complete() throws InterruptedException {
    run.perform(
        () -> {
          for (int flow = 0; flow < goal(); flow++) {
            if (!mutual.get(flow)) {
              wanted.add(flow);
            }
          }
          ask();
        });
    run.await("subscribing", goal(), this::mutual, run.loginSeconds(goal()), 10);
  }

  private void ask() {
    while (asked - granted < run.settings().parallel() && !wanted.isEmpty()) {
      int flow = wanted.remove();
      Client client = run.fleet().client(flow / ring.friends());
      int contact = ring.contact(client.index(), flow % ring.friends());
      if (client.isReady()) {
        asked++;
        send(client, "subscribe", run.fleet().client(contact).bareJid());
      }
    }
  }

  @Override
  public void presence(Client client, Element presence) {
    String type = presence.attribute("type");
    if ("subscribe".equals(type)) {
      send(client, "subscribed", bare(presence.attribute("from")));
    } else if ("subscribed".equals(type)) {
      granted++;
      ask();
    }
  }

  @Override
  public void roster(Client client, Element iq) {
    for (Element item = iq.find("item"); item != null; item = item.find("item")) {
      Integer contact = users.get(item.attribute("jid"));
      int slot = contact == null ? -1 : ring.slot(client.index(), contact);
      if (slot >= 0 && item.has("subscription", "both")) {
        mutual.set(ring.flow(client.index(), slot));
      }
    }
  }

  private static void send(Client client, String type, String to) {
    client.send("<presence type='" + type + "' to='" + to + "'/>");
  }

  private static String bare(String jid) {
    int slash = jid.indexOf('/');
    return slash < 0 ? jid : jid.substring(0, slash);
  }
}
