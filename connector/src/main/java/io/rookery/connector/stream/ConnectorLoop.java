package io.rookery.connector.stream;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import io.rookery.cluster.Bus;
import io.rookery.cluster.Ownership;
import io.rookery.connector.ConnectorConfig;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.stream.StreamError;
import io.rookery.protocol.stream.StreamError.Condition;
import io.rookery.protocol.stream.StreamException;
import io.rookery.protocol.wire.ConnectorInbox;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.xml.Element;
import io.rookery.protocol.xml.ScannerPool;
import io.rookery.protocol.xml.XmlLimits;
import io.rookery.protocol.xml.XmlWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of one event loop: what comes for them from routers, and what they share. Output of a
 * tick is flushed together, one system call for each connection.
 */
public final class ConnectorLoop implements ConnectorInbox {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectorLoop.class);

  private final Bus bus;
  private final Ownership ownership;
  private final LongFunction<LoopAddress> anyRouter;
  private final ConnectorConfig config;
  private final AddressBook addresses;
  private final ConnectorMetrics metrics;
  private final Supplier<String> ids;
  private final Clock clock;
  private final Scheduler scheduler;
  private final Features features;
  private final XmlLimits limitsBeforeLogin;
  private final XmlLimits limitsAfterLogin;
  private final ScannerPool scanners = new ScannerPool();
  private final XmlWriter writer = new XmlWriter(4096);
  private final LongObjectMap<ClientStream> streams = new LongObjectHashMap<>();
  private final List<ClientStream> dirty = new ArrayList<>();
  private final Set<ClientStream> paused = new HashSet<>();
  private final LostStreams lost = new LostStreams();
  private long lastNumber;
  private boolean flushing;

  /** Runs something on this loop: after this tick's input, or later. */
  public interface Scheduler {
    void afterTick(Runnable task);
  }

  /**
   * @param anyRouter some router's loop for a stream's number, null while there is none
   * @param ids for streams: hard to guess
   */
  public ConnectorLoop(
      Bus bus,
      Ownership ownership,
      LongFunction<LoopAddress> anyRouter,
      ConnectorConfig config,
      AddressBook addresses,
      ConnectorMetrics metrics,
      Supplier<String> ids,
      Clock clock,
      Scheduler scheduler) {
    this.bus = bus;
    this.ownership = ownership;
    this.anyRouter = anyRouter;
    this.config = config;
    this.addresses = addresses;
    this.metrics = metrics;
    this.ids = ids;
    this.clock = clock;
    this.scheduler = scheduler;
    this.features = new Features(config);
    ConnectorConfig.StreamLimits stream = config.stream();
    this.limitsBeforeLogin =
        new XmlLimits(stream.stanzaBytesBeforeLogin(), stream.depth(), stream.attributes());
    this.limitsAfterLogin =
        new XmlLimits(stream.stanzaBytes(), stream.depth(), stream.attributes());
  }

  /** A connection has been accepted. */
  public ClientStream accept(Transport transport) {
    ClientStream stream = new ClientStream(this, transport, ++lastNumber);
    streams.put(stream.number, stream);
    metrics.streams(streams.size());
    return stream;
  }

  /**
   * A stream is gone.
   *
   * @param inSession it was lost in the middle of a session that can be resumed
   */
  void remove(ClientStream stream, boolean inSession) {
    streams.remove(stream.number);
    paused.remove(stream);
    metrics.streams(streams.size());
    if (inSession) {
      lost.add(stream, now());
    }
  }

  /** Streams on this loop. */
  public int size() {
    return streams.size();
  }

  // What streams share.

  Bus bus() {
    return bus;
  }

  ConnectorConfig config() {
    return config;
  }

  Features features() {
    return features;
  }

  AddressBook addresses() {
    return addresses;
  }

  ConnectorMetrics metrics() {
    return metrics;
  }

  Supplier<String> ids() {
    return ids;
  }

  /** What readers need only while an element is incomplete. */
  ScannerPool scanners() {
    return scanners;
  }

  XmlLimits limitsBeforeLogin() {
    return limitsBeforeLogin;
  }

  XmlLimits limitsAfterLogin() {
    return limitsAfterLogin;
  }

  long now() {
    return clock.millis();
  }

  /**
   * @throws StreamException while the cluster has no router
   */
  LoopAddress ownerOf(Jid account) throws StreamException {
    LoopAddress owner = ownership.ownerOf(account);
    if (owner == null) {
      throw new StreamException(Condition.RESOURCE_CONSTRAINT, "not ready");
    }
    return owner;
  }

  /** Some router, for what any of them can do; the same one again for a stream's next question. */
  LoopAddress anyRouter(long stream) throws StreamException {
    LoopAddress router = anyRouter.apply(stream);
    if (router == null) {
      throw new StreamException(Condition.RESOURCE_CONSTRAINT, "not ready");
    }
    return router;
  }

  // Output.

  /** Where output is written before {@link #send}. */
  XmlWriter writer() {
    return writer;
  }

  /** Sends what was written to {@link #writer}, at the end of the tick. */
  void send(ClientStream stream) {
    int length = writer.length();
    metrics.written(length);
    stream.transport.write(writer.array(), 0, length);
    writer.reset();
    dirty.add(stream);
    if (!flushing) {
      flushing = true;
      scheduler.afterTick(this::flush);
    }
    if (stream.transport.pendingBytes() > config.stream().outputBytes() && !stream.isClosed()) {
      metrics.streamError(Condition.RESOURCE_CONSTRAINT);
      LOG.info("stream {} of {} takes its input too slowly", stream.number, stream.session());
      stream.cutOff();
    }
  }

  void tooManyUnacked(ClientStream stream) {
    metrics.streamError(Condition.POLICY_VIOLATION);
    LOG.info("stream {} of {} acknowledges too little", stream.number, stream.session());
    stream.cutOff(); // it may resume when it does better
  }

  void sendStanza(ClientStream stream, Stanza stanza) {
    metrics.stanzaOut(stanza.kind());
    send(stream);
  }

  private void flush() {
    flushing = false;
    for (int i = 0; i < dirty.size(); i++) {
      dirty.get(i).transport.flush();
    }
    dirty.clear();
  }

  void log(ClientStream stream, StreamError error) {
    LOG.info(
        "stream {} of {} from {} ends: {} {}",
        stream.number,
        stream.session() == null ? stream.account() : stream.session(),
        stream.transport.peer(),
        error.condition().xmlName(),
        error.text() == null ? "" : error.text());
  }

  // Flow control and time.

  void charge(ClientStream stream, int bytes) {
    long rate = config.stream().bytesPerSecond();
    if (rate > 0) {
      stream.clock.charge(now(), bytes, rate, config.stream().burstBytes());
      stream.updateReading();
    }
  }

  void paused(ClientStream stream) {
    paused.add(stream);
  }

  /** To be called some ten times a second: streams that were stopped and may read again. */
  public void resumePaused() {
    if (paused.isEmpty()) {
      return;
    }
    long now = now();
    for (ClientStream stream : List.copyOf(paused)) {
      long rate = config.stream().bytesPerSecond();
      if (rate > 0) {
        stream.clock.refill(now, rate, config.stream().burstBytes());
      }
      stream.resume();
      if (stream.isReading() || stream.isClosed()) {
        paused.remove(stream);
      }
    }
  }

  /** To be called about once a second: peers that are too slow for something. */
  public void checkTimes() {
    long now = now();
    lost.forget(now);
    for (ClientStream stream : List.copyOf(streams.values())) {
      checkTimes(stream, now);
    }
  }

  private void checkTimes(ClientStream stream, long now) {
    ConnectorConfig.Timeouts timeouts = config.timeouts();
    StreamClock times = stream.clock;
    if (times.stalled(now, stream.transport.pendingBytes()) > timeouts.write().toMillis()) {
      metrics.streamError(Condition.CONNECTION_TIMEOUT);
      LOG.info("stream {} of {} takes nothing", stream.number, stream.session());
      stream.cutOff();
    } else if (stream.session() == null || stream.login() != null) {
      if (times.age(now) > timeouts.negotiation().toMillis()) {
        stream.fail(StreamError.of(Condition.CONNECTION_TIMEOUT, "negotiation took too long"));
      }
    } else {
      stream.checkOwner(ownership.ownerOf(stream.account()), now);
      checkSilence(stream, now);
      stream.checkLeaving(now);
    }
  }

  private void checkSilence(ClientStream stream, long now) {
    ConnectorConfig.Timeouts timeouts = config.timeouts();
    StreamClock times = stream.clock;
    if (stream.checkAcks(now) > timeouts.ping().toMillis()) {
      stream.fail(StreamError.of(Condition.CONNECTION_TIMEOUT, "no acknowledgement"));
    } else if (times.unanswered(now) > timeouts.ping().toMillis()) {
      stream.fail(StreamError.of(Condition.CONNECTION_TIMEOUT, "no answer to a ping"));
    } else if (!timeouts.idle().isZero()
        && times.unanswered(now) < 0
        && times.silence(now) > timeouts.idle().toMillis()) {
      ping(stream, now);
    }
  }

  private void ping(ClientStream stream, long now) {
    stream.clock.pinged(now);
    if (stream.pingByAck()) {
      return;
    }
    Element ping = Element.of("urn:xmpp:ping", "ping"); // XEP-0199
    Jid domain = stream.session().domainJid();
    Stanza.of(StanzaType.IQ_GET, domain, stream.session(), ids.get(), ping).writeTo(writer);
    send(stream);
  }

  /**
   * Ends some streams: the node goes down. Clients that can resume lose the connection, so that
   * they do that on another node; others are told.
   *
   * @param count at most
   */
  public void release(int count) {
    streams.values().stream().limit(count).toList().forEach(this::release);
    flush();
  }

  private void release(ClientStream stream) {
    if (!stream.release()) {
      stream.fail(StreamError.of(Condition.SYSTEM_SHUTDOWN));
    }
  }

  /** A node is gone: what it was asked by streams that are not bound yet has to be asked again. */
  public void nodeLeft(String node) {
    for (ClientStream stream : List.copyOf(streams.values())) {
      if (stream.saslRouter != null && stream.saslRouter.node().equals(node)) {
        exchangeLost(stream);
      }
      stream.routerLeft(node);
    }
  }

  /** The client may begin another exchange; one whose turn it is learns that when it goes on. */
  private void exchangeLost(ClientStream stream) {
    if (stream.isWaiting()) {
      BeforeLogin.lost(stream);
      stream.routerAnswered();
    } else {
      stream.exchangeLost = true;
    }
  }

  // From routers.

  @Override
  public void saslChallenge(ToConnector.SaslChallenge message) {
    ClientStream stream = streams.get(message.stream());
    if (stream != null && stream.isWaiting()) {
      StreamXml.challenge(writer, stream.login() != null, message.challenge());
      send(stream);
      stream.routerAnswered();
    }
  }

  @Override
  public void saslContinue(ToConnector.SaslContinue message) {
    ClientStream stream = streams.get(message.stream());
    if (stream != null && stream.isWaiting() && stream.login() != null) {
      stream.login().continued();
      StreamXml.saslContinue(writer, message.additional(), message.task());
      send(stream);
      stream.routerAnswered();
    }
  }

  @Override
  public void saslTask(ToConnector.SaslTask message) {
    ClientStream stream = streams.get(message.stream());
    if (stream != null && stream.isWaiting() && stream.login() != null) {
      stream.login().taskBegun();
      StreamXml.taskData(writer, message.data());
      send(stream);
      stream.routerAnswered();
    }
  }

  @Override
  public void saslSuccess(ToConnector.SaslSuccess message) {
    ClientStream stream = streams.get(message.stream());
    if (stream != null && stream.isWaiting()) {
      stream.saslRouter = null;
      stream.authenticated(message.account(), message.features());
      if (stream.login() != null) {
        stream.login().authenticated(message);
      } else {
        succeed(stream, message);
      }
    }
  }

  private void succeed(ClientStream stream, ToConnector.SaslSuccess message) {
    stream.become(Stage.AFTER_LOGIN);
    StreamXml.sasl(writer, "success", message.additional());
    send(stream);
    stream.restart();
    stream.routerAnswered();
  }

  @Override
  public void saslFailure(ToConnector.SaslFailure message) {
    ClientStream stream = streams.get(message.stream());
    if (stream != null && stream.isWaiting()) {
      stream.saslRouter = null;
      BeforeLogin.failure(stream, message.condition(), message.text());
      stream.routerAnswered();
    }
  }

  @Override
  public void bound(LoopAddress from, ToConnector.Bound message) {
    ClientStream stream = streams.get(message.stream());
    if (stream != null) {
      AfterLogin.bound(stream, from, message);
    } else {
      ended(from, message.session(), message.stream());
    }
  }

  /** Whoever believes that there is such a stream learns that it is gone. */
  private void ended(LoopAddress owner, Jid session, long stream) {
    bus.send(owner, new ToRouter.StreamEnded(session, stream, false));
  }

  @Override
  public void bindRefused(ToConnector.BindRefused message) {
    ClientStream stream = streams.get(message.stream());
    if (stream != null) {
      AfterLogin.refused(stream, message.error());
    }
  }

  /** The stream, unless the message is of a router that is not its owner any more. */
  private ClientStream stream(LoopAddress from, long number) {
    ClientStream stream = streams.get(number);
    return stream != null && stream.isOwner(from) ? stream : null;
  }

  @Override
  public void toClient(LoopAddress from, ToConnector.ToClient message) {
    ClientStream stream = stream(from, message.stream());
    if (stream != null) {
      stream.fromRouter(
          message.stanza(),
          message.stanza().to(),
          message.position(),
          message.origin(),
          message.shared());
    }
  }

  @Override
  public void toClients(LoopAddress from, ToConnector.ToClients message) {
    for (int i = 0; i < message.streams().length; i++) {
      ClientStream stream = stream(from, message.streams()[i]);
      if (stream != null) {
        stream.fromRouter(
            message.stanza(), message.addressees()[i], message.position(), message.origin(), false);
      }
    }
  }

  @Override
  public void handled(LoopAddress from, ToConnector.Handled message) {
    ClientStream stream = stream(from, message.stream());
    if (stream != null) {
      stream.handled(message.counter());
    }
  }

  @Override
  public void endStream(LoopAddress from, ToConnector.EndStream message) {
    ClientStream stream = stream(from, message.stream());
    if (stream != null) {
      stream.fail(message.error());
    }
  }

  @Override
  public void sessionEnded(LoopAddress from, ToConnector.SessionEnded message) {
    ClientStream stream = stream(from, message.stream());
    if (stream != null) {
      stream.sessionEnded();
    }
  }

  // Stream management and new owners.

  @Override
  public void acksEnabled(LoopAddress from, ToConnector.AcksEnabled message) {
    ClientStream stream = stream(from, message.stream());
    if (stream != null) {
      stream.acksEnabled(message.id(), message.maxSeconds());
    }
  }

  @Override
  public void resumed(LoopAddress from, ToConnector.Resumed message) {
    ClientStream stream = streams.get(message.stream());
    if (stream != null && stream.isWaiting()) {
      stream.resumed(from, message);
    } else {
      ended(from, message.session(), message.stream());
    }
  }

  @Override
  public void resumeRefused(ToConnector.ResumeRefused message) {
    ClientStream stream = streams.get(message.stream());
    if (stream != null && stream.isWaiting()) {
      AfterLogin.resumeRefused(stream, message);
    }
  }

  @Override
  public void stateWanted(LoopAddress from, ToConnector.StateWanted message) {
    ClientStream stream = streams.get(message.stream());
    if (stream == null) {
      stream = lost.get(message.stream());
    }
    if (stream == null || !message.session().equals(stream.session())) {
      bus.send(from, new ToRouter.NoStream(message.session(), message.stream()));
      return;
    }
    stream.ownedBy(from);
    if (stream.isClosed()) {
      ended(from, message.session(), message.stream());
    } else if (stream.login() != null) {
      stream.login().enabled(); // the record that the owner before wrote has been found
    }
  }
}
