package io.rookery.standalone.fault.client;

import io.rookery.standalone.conversation.Element;
import io.rookery.standalone.fault.client.Outbox.Sent;
import io.rookery.standalone.fault.client.Outbox.ViolationException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * A client that never gives up: when its connection breaks or falls silent, it connects to a random
 * other endpoint, resumes its session and sends again what was not acknowledged; when it cannot
 * resume, it does so in a new session, under the same ids. Everything on one thread.
 */
final class ResumingClient {
  /** Messages without acknowledgement after which no more are sent. */
  static final int WINDOW = 500;

  private static final long FIRST_BACKOFF_MILLIS = 200;
  private static final long LAST_BACKOFF_MILLIS = 5_000;
  private static final long LOGIN_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long KEEPALIVE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long MODULUS = 1L << 32;

  private final int flow;
  private final Account account;
  private final Account partner;
  private final List<InetSocketAddress> endpoints;
  private final Wire.Network network;
  private final Ledgers ledgers;
  private final RandomGenerator random;
  private final Outbox outbox = new Outbox();

  private Attempt attempt;
  private int endpoint;
  private long backoff = FIRST_BACKOFF_MILLIS;
  private boolean registered;
  private boolean left;
  private Optional<String> session = Optional.empty();
  private long handled;

  /**
   * @param flow its number as a sender; its messages go to the partner
   */
  ResumingClient(
      int flow,
      Account account,
      Account partner,
      List<InetSocketAddress> endpoints,
      Wire.Network network,
      Ledgers ledgers,
      RandomGenerator random) {
    this.flow = flow;
    this.account = account;
    this.partner = partner;
    this.endpoints = List.copyOf(endpoints);
    this.network = network;
    this.ledgers = ledgers;
    this.random = random;
    this.endpoint = flow % endpoints.size();
  }

  void connect() {
    if (!left) {
      attempt = new Attempt();
      attempt.wire = network.connect(endpoints.get(endpoint), attempt);
    }
  }

  /** Stanzas flow. */
  boolean isLive() {
    return attempt != null && attempt.live;
  }

  /** Sends the next message of the current run, unless too many are unacknowledged. */
  void sendMessage() {
    if (outbox.size() >= WINDOW) {
      return;
    }
    Ledger ledger = ledgers.current();
    int sequence = ledger.send(flow, network.nanos());
    Tag tag = new Tag(ledger.run(), flow, sequence, System.currentTimeMillis());
    String xml =
        "<message type='chat' to='%s' id='%s'><body>%s</body><origin-id xmlns='urn:xmpp:sid:0' id='%s'/></message>"
            .formatted(partner.bare(), tag.id(), tag.body(), tag.id());
    send(Sent.message(xml, tag));
  }

  /** To be called about twice a second: asks for acknowledgements and notices silence. */
  void tick() {
    if (attempt != null) {
      attempt.tick(network.nanos());
    }
  }

  /** Ends the session in order. */
  void leave() {
    left = true;
    if (isLive()) {
      attempt.acknowledge();
      attempt.wire.send("</stream:stream>");
      network.after(1000, this::dropped);
    } else if (attempt != null) {
      dropped();
    }
  }

  private void dropped() {
    if (attempt != null) {
      attempt.wire.drop();
      attempt = null;
    }
  }

  /** Before the session is live, stanzas only wait. */
  private void send(Sent stanza) {
    outbox.add(stanza);
    if (isLive()) {
      attempt.wire.send(stanza.xml());
      attempt.request();
    }
  }

  private void acknowledged(String h) {
    try {
      for (Sent stanza : outbox.acknowledged(Long.parseLong(h))) {
        stanza.message().ifPresent(tag -> ledgers.acked(tag, network.nanos()));
      }
    } catch (ViolationException | NumberFormatException e) {
      ledgers.current().violation(account.localpart() + ": " + e.getMessage());
    }
  }

  /** The connection is gone: another one, elsewhere if there is an elsewhere, after a while. */
  private void again() {
    attempt = null;
    if (left) {
      return;
    }
    if (endpoints.size() > 1) {
      endpoint = (endpoint + 1 + random.nextInt(endpoints.size() - 1)) % endpoints.size();
    }
    network.after(backoff / 2 + random.nextLong(backoff / 2 + 1), this::connect);
    backoff = Math.min(2 * backoff, LAST_BACKOFF_MILLIS);
  }

  private void stanza(Element element) {
    handled = (handled + 1) % MODULUS;
    if (element.localName().equals("message")) {
      Reception.enter(element, flow, account, partner, ledgers, network.nanos());
    } else if (element.localName().equals("iq")) {
      answer(element);
    }
  }

  /** Pings are answered, other requests refused (RFC 6120, section 8.4). */
  private void answer(Element iq) {
    String type = iq.attribute("type");
    if (!"get".equals(type) && !"set".equals(type)) {
      return;
    }
    String to = iq.attribute("from") == null ? "" : " to='" + iq.attribute("from") + "'";
    boolean ping = iq.child("ping", "urn:xmpp:ping").isPresent();
    send(
        Sent.other(
            "<iq id='%s'%s type='%s'>%s</iq>"
                .formatted(
                    iq.attribute("id"),
                    to,
                    ping ? "result" : "error",
                    ping
                        ? ""
                        : "<error type='cancel'><service-unavailable"
                            + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>")));
  }

  /** One connection, from its begin to its end. */
  private final class Attempt implements Wire.Listener, Login.Outcome {
    private final long begun = network.nanos();
    private Wire wire;
    private Login login;
    private boolean live;
    private boolean requested;
    private long requestedAt;

    private boolean isStale() {
      return attempt != this;
    }

    @Override
    public void connected() {
      if (!isStale()) {
        Optional<Login.Resume> resume = session.map(id -> new Login.Resume(id, handled));
        login = new Login(account, registered, "fault", resume, wire, this);
        login.begin();
      }
    }

    @Override
    public void closed(String why) {
      if (!isStale()) {
        again();
      }
    }

    @Override
    public void element(Element element) {
      if (isStale()) {
        return;
      }
      if (!live) {
        login.element(element);
      } else if (element.namespace().equals("jabber:client")) {
        stanza(element);
      } else if (element.is("a", Login.SM)) {
        requested = false;
        acknowledged(element.attribute("h"));
      } else if (element.is("r", Login.SM)) {
        acknowledge();
      } else {
        // A stream error: the end of the connection follows, or we end it.
        wire.drop();
        again();
      }
    }

    private void tick(long now) {
      boolean silent = live && requested && now - requestedAt > ANSWER_NANOS;
      if (silent || !live && now - begun > LOGIN_NANOS) {
        wire.drop();
        again();
      } else if (live && (outbox.size() > 0 || now - requestedAt > KEEPALIVE_NANOS)) {
        request();
      }
    }

    private void request() {
      if (!requested) {
        requested = true;
        requestedAt = network.nanos();
        wire.send("<r xmlns='" + Login.SM + "'/>");
      }
    }

    private void acknowledge() {
      wire.send("<a xmlns='" + Login.SM + "' h='" + handled + "'/>");
    }

    @Override
    public void registered() {
      registered = true;
    }

    @Override
    public void resumed(long h) {
      ledgers.current().resumed();
      acknowledged(Long.toString(h));
      goLive();
    }

    @Override
    public void resumptionFailed(Element failed) {
      session = Optional.empty();
      ledgers.current().resumptionFailed(account.localpart() + ": " + failed);
      if (failed.attribute("h") != null) {
        acknowledged(failed.attribute("h"));
      }
    }

    @Override
    public void enabled(Optional<String> id) {
      if (id.isEmpty()) {
        ledgers.current().violation(account.localpart() + ": session cannot be resumed");
      }
      session = id;
      handled = 0;
      outbox.renew(Sent.other("<presence/>"));
      goLive();
    }

    /** With everything unacknowledged again, in order. */
    private void goLive() {
      live = true;
      backoff = FIRST_BACKOFF_MILLIS;
      outbox.unacked().forEach(sent -> wire.send(sent.xml()));
      request();
    }

    @Override
    public void refused(String why) {
      ledgers.loginRefused(account.localpart() + ": " + why);
      wire.drop();
      again();
    }
  }
}
