package io.rookery.connector.stream;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stream.StreamError;
import io.rookery.protocol.stream.StreamException;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.xml.RawElement;
import io.rookery.protocol.xml.StreamHeader;
import io.rookery.protocol.xml.XmlStreamReader;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * One client's stream: bytes in, stanzas to the router, and back. What an element means depends on
 * the {@link Stage} of the stream; this class keeps what every stage needs, and the flow control:
 * while too much is on its way to the router, or the router is asked something, nothing is read.
 *
 * <p>Lives on one event loop.
 */
public final class ClientStream implements XmlStreamReader.Listener {
  final ConnectorLoop loop;
  final Transport transport;
  final long number;
  private final XmlStreamReader reader;

  private Stage stage = Stage.BEFORE_LOGIN;
  private String domain;
  private boolean headerSent;
  private boolean closed;

  /** The router's loop that does the SASL exchange, null when there is none. */
  LoopAddress saslRouter;

  int failedLogins;
  private Jid account;
  private Jid session;
  private String bindId;

  private boolean waiting;
  private boolean reading = true;
  private byte[] backlog;
  private boolean forgetRest;

  private final ArrayDeque<ToRouter.FromClient> inFlight = new ArrayDeque<>(0);
  private int inFlightBytes;
  private long counter;

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
    finish(true);
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
  }

  String domain() {
    return domain;
  }

  Jid account() {
    return account;
  }

  void authenticated(Jid user) {
    account = user;
    reader.limits(loop.limitsAfterLogin());
  }

  Jid session() {
    return session;
  }

  void bound(Jid full) {
    session = full;
  }

  String bindId() {
    return bindId;
  }

  void bindId(String id) {
    bindId = id;
  }

  // Stanzas.

  /** Gives a stanza to the owner of the account, and remembers it until it is handled. */
  void toRouter(Stanza stanza) throws StreamException {
    LoopAddress owner = loop.ownerOf(account);
    ToRouter.FromClient message = new ToRouter.FromClient(session, number, ++counter, stanza);
    inFlight.add(message);
    inFlightBytes += message.weight();
    loop.bus().send(owner, message);
  }

  /** The router has handled everything up to a stanza. */
  void handled(long upTo) {
    ToRouter.FromClient head;
    while ((head = inFlight.peek()) != null && head.counter() <= upTo) {
      inFlightBytes -= head.weight();
      inFlight.poll();
    }
    if (!reading) {
      resume();
    }
  }

  // The end.

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
    end(false);
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

  private void end(boolean orderly) {
    gone(orderly);
    transport.close();
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

  private void gone(boolean orderly) {
    if (closed) {
      return;
    }
    closed = true;
    backlog = null;
    loop.remove(this);
    if (saslRouter != null) {
      loop.bus().send(saslRouter, new ToRouter.SaslAbort(number));
    }
    if (session != null) {
      loop.streamEnded(new ToRouter.StreamEnded(session, number, orderly), account);
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** A stanza for this stream, before or after it is bound. */
  void fromRouter(Stanza stanza, Jid addressee) {
    stanza.writeTo(loop.writer(), addressee);
    loop.sendStanza(this, stanza);
    if (session == null) {
      routerAnswered(); // the answer to a registration request
    }
  }
}
