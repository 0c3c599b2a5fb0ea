package io.rookery.connector.stream;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.stream.StreamError;
import io.rookery.protocol.stream.StreamError.Condition;
import io.rookery.protocol.stream.StreamException;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.wire.Unacked;
import io.rookery.protocol.xml.RawElement;
import io.rookery.protocol.xml.StreamHeader;
import io.rookery.protocol.xml.XmlStreamReader;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * One client's stream: bytes in, stanzas to the router, and back. What an element means depends on
 * the {@link Stage} of the stream; this class keeps what every stage needs, and the flow control:
 * while too much is on its way to the router, or the router is asked something, nothing is read.
 *
 * <p>Lives on one event loop.
 */
public final class ClientStream implements XmlStreamReader.Listener {
  /** A new owner asks for the streams it took over; one that does not is told after this long. */
  private static final long OWNER_ASKS_WITHIN_MILLIS = 5000;

  /**
   * An owner that has died with the question is not waited for: the session is over all the same.
   */
  private static final long OWNER_ANSWERS_WITHIN_MILLIS = 3000;

  /** Errors after which a client may resume: they say nothing against it. */
  private static final Set<Condition> SESSION_GOES_ON =
      EnumSet.of(Condition.CONNECTION_TIMEOUT, Condition.SYSTEM_SHUTDOWN);

  final ConnectorLoop loop;
  final Transport transport;
  final long number;
  private final XmlStreamReader reader;

  private Stage stage = Stage.BEFORE_LOGIN;
  private String domain;
  private Jid claimed;
  private boolean headerSent;
  private boolean closed;

  /** The router's loop that does the SASL exchange, null when there is none. */
  LoopAddress saslRouter;

  /** That router is gone, and the client does not know yet. */
  boolean exchangeLost;

  /** A request to register and the router that is to answer it, null when there is none. */
  private Registering registering;

  private record Registering(LoopAddress router, Stanza iq) {}

  int failedLogins;
  private Jid account;
  private byte[] routerFeatures;
  private Jid session;
  private String bindId;

  /** The router's loop that has the session. */
  private LoopAddress owner;

  private long strayed;
  private Login login;
  private StreamManagement management;
  private ToRouter.EnableAcks enabling;

  /** What the client last said of itself (XEP-0352), null for nothing: it is active. */
  private ToRouter.ClientState state;

  /** When the client closed its side, in the loop's milliseconds; -1 as long as it has not. */
  private long leavingSince = -1;

  private boolean sessionOver;

  /** A token that a router has accepted, and one that it is asked about (XEP-0445). */
  private String invitation;

  private String shownInvitation;

  private boolean waiting;
  private boolean reading = true;
  private byte[] backlog;
  private boolean forgetRest;

  private final ArrayDeque<ToRouter.FromClient> inFlight = new ArrayDeque<>(0);
  private int inFlightBytes;
  private long counter;
  private long handled;
  private long position;

  final StreamClock clock;

  ClientStream(ConnectorLoop loop, Transport transport, long number) {
    this.loop = loop;
    this.transport = transport;
    this.number = number;
    this.reader = new XmlStreamReader(loop.limitsBeforeLogin(), loop.scanners());
    this.clock = new StreamClock(loop.now());
  }

  // Input.

  /** Bytes have come; the array belongs to the stream from now on. */
  public void received(byte[] bytes) {
    if (closed) {
      return;
    }
    clock.heard(loop.now());
    loop.metrics().read(bytes.length);
    if (backlog != null) {
      int before = backlog.length;
      backlog = Arrays.copyOf(backlog, before + bytes.length);
      System.arraycopy(bytes, 0, backlog, before, bytes.length);
    } else {
      feed(bytes);
    }
    loop.charge(this, bytes.length);
  }

  private void feed(byte[] bytes) {
    if (!mayRead()) {
      backlog = bytes;
      return;
    }
    try {
      int consumed = reader.feed(bytes, 0, bytes.length, this);
      if (forgetRest) {
        forgetRest = false;
      } else if (consumed < bytes.length && !closed) {
        backlog = Arrays.copyOfRange(bytes, consumed, bytes.length);
      }
    } catch (StreamException e) {
      fail(e.error());
    }
  }

  /** Continues where reading stopped, if it may. */
  void resume() {
    while (!closed && backlog != null && mayRead()) {
      byte[] bytes = backlog;
      backlog = null;
      feed(bytes);
    }
    updateReading();
  }

  private boolean mayRead() {
    return !waiting
        && !clock.isThrottled()
        && inFlight.size() < loop.config().stream().inFlightStanzas()
        && inFlightBytes < loop.config().stream().inFlightBytes()
        && !loop.bus().congested();
  }

  void updateReading() {
    boolean wanted = !closed && backlog == null && mayRead();
    if (wanted != reading) {
      reading = wanted;
      if (wanted) {
        transport.resumeReading();
      } else {
        transport.pauseReading();
        loop.paused(this);
      }
    }
  }

  boolean isReading() {
    return reading;
  }

  /**
   * Nothing more is looked at until the router has answered. To be called before the router is
   * asked: one in this process may answer at once.
   */
  void awaitRouter() {
    waiting = true;
  }

  /** The router has answered. */
  void routerAnswered() {
    waiting = false;
    resume();
  }

  boolean isWaiting() {
    return waiting;
  }

  /** What else came with the element being handled is not looked at. */
  void forgetRest() {
    forgetRest = true;
  }

  @Override
  public boolean streamOpened(StreamHeader header) throws StreamException {
    domain = StreamOpening.check(header, domain, loop.config().domainNames());
    claimed = StreamOpening.claimed(header, domain);
    headerSent = true;
    StreamXml.open(loop.writer(), loop.ids().get(), domain);
    stage.features(this, loop.writer());
    loop.send(this);
    return goOn();
  }

  @Override
  public boolean element(RawElement element) throws StreamException {
    stage.element(this, element);
    return goOn();
  }

  private boolean goOn() {
    boolean more = !closed && !forgetRest && mayRead();
    if (!more) {
      updateReading();
    }
    return more;
  }

  @Override
  public void streamClosed() {
    if (session == null || login != null) {
      finish(true);
    } else {
      leave();
    }
  }

  // Stages.

  void become(Stage next) {
    stage = next;
  }

  Stage stage() {
    return stage;
  }

  /** A new header follows on the same connection (RFC 6120, section 4.3.3). */
  void restart() {
    reader.restart();
    headerSent = false;
    invitation = null; // shown in the clear, it could be an attacker's
  }

  String domain() {
    return domain;
  }

  /** Who the client says it is before it has shown that, null for nobody; not to be trusted. */
  String claimed() {
    return claimed == null ? null : claimed.toString();
  }

  /** What is under way by XEP-0388, null when there is nothing. */
  Login login() {
    return login;
  }

  void login(Login underWay) {
    login = underWay;
  }

  Jid account() {
    return account;
  }

  /**
   * @param features see {@link ToConnector.SaslSuccess}
   */
  void authenticated(Jid user, byte[] features) {
    account = user;
    routerFeatures = features;
    reader.limits(loop.limitsAfterLogin());
  }

  /** What the router added to the features of this stream; they are sent once. */
  byte[] takeFeatures() {
    byte[] features = routerFeatures;
    routerFeatures = null;
    return features;
  }

  Jid session() {
    return session;
  }

  /** The session goes to its owner. */
  void bound(LoopAddress by, Jid full) {
    owner = by;
    session = full;
  }

  /** True for the router that has the stream's session: others' word does not count any more. */
  boolean isOwner(LoopAddress router) {
    return session == null || router.equals(owner);
  }

  String bindId() {
    return bindId;
  }

  void bindId(String id) {
    bindId = id;
  }

  // Stanzas.

  /**
   * Gives a stanza to the session's owner, and remembers it until it is handled.
   *
   * @param refused the stanza is to be handed back, see {@link ToRouter.FromClient}
   */
  void toRouter(Stanza stanza, boolean refused) {
    ToRouter.FromClient message =
        new ToRouter.FromClient(session, number, ++counter, stanza, refused);
    inFlight.add(message);
    inFlightBytes += message.weight();
    toOwner(message);
  }

  void toOwner(ToRouter message) {
    loop.bus().send(owner, message);
  }

  /** The owner has handled everything up to a stanza. */
  void handled(long upTo) {
    handled = Math.max(handled, upTo);
    ToRouter.FromClient head;
    while ((head = inFlight.peek()) != null && head.counter() <= upTo) {
      inFlightBytes -= head.weight();
      inFlight.poll();
    }
    if (management != null) {
      management.handled(handled);
    }
    if (!reading) {
      resume();
    }
  }

  /** Another router has taken the account over: it is told what it cannot know. */
  void ownedBy(LoopAddress router) {
    owner = router;
    strayed = 0;
    tellState();
  }

  private void tellState() {
    toOwner(
        new ToRouter.StreamState(
            session,
            number,
            counter,
            handled,
            management == null ? null : management.id(),
            management == null ? 0 : management.acked(),
            position,
            management == null ? new Unacked[0] : management.unacked(),
            management == null ? new long[0] : management.taken()));
    inFlight.forEach(this::toOwner);
    if (enabling != null) {
      toOwner(enabling);
    }
    if (state != null) {
      toOwner(state);
    }
    if (management != null) {
      management.askOwner();
    }
    if (isLeaving()) {
      tellEnd(true);
    }
  }

  /** Nobody has asked for a stream whose owner is another for a while: the new one is told. */
  void checkOwner(LoopAddress shouldBe, long now) {
    if (shouldBe == null || shouldBe.equals(owner)) {
      strayed = 0;
    } else if (strayed == 0) {
      strayed = now;
    } else if (now - strayed > OWNER_ASKS_WITHIN_MILLIS) {
      ownedBy(shouldBe);
    }
  }

  /** The client is looked at, or is not; known until the stream ends. */
  void clientState(boolean active) {
    if (active != (state == null || state.active())) {
      state = new ToRouter.ClientState(session, number, active);
      toOwner(state);
    }
  }

  // Stream management.

  StreamManagement management() {
    return management;
  }

  void enable(RawElement enable) {
    enabling = StreamManagement.enable(session, number, counter, enable);
    awaitRouter();
    toOwner(enabling);
  }

  /** The session is managed since it was bound (XEP-0386). */
  void managedFromTheStart(String id) {
    management = new StreamManagement(this, id, counter, 0);
  }

  void acksEnabled(String id, long maxSeconds) {
    if (login != null) {
      login.enabled();
      return;
    }
    if (enabling == null) {
      return; // the answer of an owner before
    }
    management = new StreamManagement(this, id, enabling.counter(), 0);
    enabling = null;
    StreamManagement.enabled(loop.writer(), id, maxSeconds);
    loop.send(this);
    routerAnswered();
  }

  void resumed(LoopAddress by, ToConnector.Resumed resumed) {
    bound(by, resumed.session());
    become(Stage.BOUND);
    counter = resumed.counter();
    handled = counter;
    management = new StreamManagement(this, resumed.id(), resumed.base(), resumed.acked());
    if (login != null) {
      login.resumed(resumed.id(), management.h(counter));
      return;
    }
    StreamManagement.resumed(loop.writer(), resumed.id(), management.h(counter));
    loop.send(this);
    routerAnswered();
  }

  void ackRequested() {
    management.requested(counter, handled);
  }

  /** Asks for a sign of life; true when that is done by stream management. */
  boolean pingByAck() {
    if (management != null) {
      management.ping();
    }
    return management != null;
  }

  /** How long the client has owed an acknowledgement, in milliseconds. */
  long checkAcks(long now) {
    return management == null ? 0 : management.check(now, handled);
  }

  // The end.

  /**
   * The client closes the stream (RFC 6120, section 4.4). Until its owner knows, others' messages
   * are handed to it, and would be lost if the connection were gone: the owner is asked first.
   */
  private void leave() {
    leavingSince = loop.now();
    awaitRouter();
    updateReading();
    tellEnd(true);
  }

  private boolean isLeaving() {
    return leavingSince >= 0;
  }

  /** An owner that does not answer is not waited for longer. */
  void checkLeaving(long now) {
    if (isLeaving() && now - leavingSince > OWNER_ANSWERS_WITHIN_MILLIS) {
      finish(true);
    }
  }

  /** The owner hands the stream nothing more. */
  void sessionEnded() {
    if (isLeaving()) {
      sessionOver = true;
      finish(true);
    }
  }

  private void tellEnd(boolean orderly) {
    toOwner(new ToRouter.StreamEnded(session, number, orderly));
  }

  /** Ends the stream with an error (RFC 6120, section 4.9). */
  void fail(StreamError error) {
    if (closed) {
      return;
    }
    loop.metrics().streamError(error.condition());
    loop.log(this, error);
    if (!headerSent) {
      StreamXml.open(loop.writer(), loop.ids().get(), domain);
    }
    StreamXml.error(loop.writer(), error);
    StreamXml.close(loop.writer());
    loop.send(this);
    end(!SESSION_GOES_ON.contains(error.condition()));
  }

  /** Ends the stream in order, as an answer to the client or on the server's part. */
  void finish(boolean byClient) {
    if (closed) {
      return;
    }
    StreamXml.close(loop.writer());
    loop.send(this);
    end(byClient);
  }

  private void end(boolean sessionEnds) {
    gone(sessionEnds);
    transport.close();
  }

  /**
   * Lets the connection go so that the client resumes elsewhere: what is closed in order cannot be
   * resumed (XEP-0198, section 5).
   *
   * @return false when the session cannot be resumed
   */
  boolean release() {
    if (closed || management == null || management.id() == null) {
      return false;
    }
    end(false);
    return true;
  }

  /** The peer takes nothing: no point in telling it. */
  void cutOff() {
    gone(false);
    transport.abort();
  }

  /** The connection is gone. */
  public void disconnected() {
    gone(false);
  }

  private void gone(boolean sessionEnds) {
    if (closed) {
      return;
    }
    closed = true;
    backlog = null;
    login = null;
    if (management != null) {
      management.ended();
    }
    boolean ends = sessionEnds || isLeaving();
    loop.remove(this, !ends && management != null && management.id() != null);
    if (saslRouter != null) {
      loop.bus().send(saslRouter, new ToRouter.SaslAbort(number));
    }
    if (session != null && !sessionOver) {
      tellEnd(ends);
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** A router is asked to register somebody. */
  void registers(LoopAddress router, Stanza iq) {
    registering = new Registering(router, iq);
  }

  /** A node is gone, and with it what it was asked: whether it has done that, nobody knows. */
  void routerLeft(String node) {
    if (registering != null && registering.router.node().equals(node)) {
      Stanza iq = registering.iq.withTo(Jid.of(null, domain, null));
      Stanza reply = iq.error(StanzaError.of(StanzaError.Condition.REMOTE_SERVER_TIMEOUT));
      fromRouter(reply, reply.to(), 0, 0, false);
    }
  }

  /** The client shows an invitation; null for a request that shows none. */
  void showsInvitation(String token) {
    shownInvitation = token;
  }

  /** The token of the invitation that was accepted, or null. */
  String invitation() {
    return invitation;
  }

  /** A stanza for this stream, before or after it is bound. */
  void fromRouter(Stanza stanza, Jid addressee, long at, long origin, boolean shared) {
    if (session == null && registering == null) {
      return; // it has been answered
    }
    stanza.writeTo(loop.writer(), addressee);
    if (session == null) {
      registering = null;
      if (shownInvitation != null && stanza.type() == StanzaType.IQ_RESULT) {
        invitation = shownInvitation;
      }
      loop.sendStanza(this, stanza);
      routerAnswered(); // the answer to a registration request
      return;
    }
    position = Math.max(position, at);
    if (management != null) {
      Stanza addressed = addressee == stanza.to() ? stanza : stanza.withTo(addressee);
      management.sent(new Unacked(addressed, at, origin, shared), loop.writer());
    }
    if (login != null) {
      login.hold(loop.writer());
    }
    loop.sendStanza(this, stanza);
    if (management != null && management.isOverfull() && !closed) {
      loop.tooManyUnacked(this);
    }
  }
}
