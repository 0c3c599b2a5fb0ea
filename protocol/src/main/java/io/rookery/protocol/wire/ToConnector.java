package io.rookery.protocol.wire;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stream.StreamError;

/** What a connector receives from routers. Streams are named by their number at the connector. */
public sealed interface ToConnector extends WireMessage {

  /** Calls the method of the receiver that is meant for this message. */
  void deliver(LoopAddress from, ConnectorInbox inbox);

  record SaslChallenge(long stream, byte[] challenge) implements ToConnector {
    @Override
    public void deliver(LoopAddress from, ConnectorInbox inbox) {
      inbox.saslChallenge(this);
    }

    static SaslChallenge read(WireReader r) {
      return new SaslChallenge(r.number(), r.bytes());
    }

    @Override
    public WireType type() {
      return WireType.SASL_CHALLENGE;
    }

    @Override
    public void write(WireWriter w) {
      w.number(stream);
      w.bytes(challenge);
    }
  }

  /**
   * The exchange was successful, and a task is to be done before the login is (XEP-0388). Only sent
   * to connectors that know such tasks: the client has asked for one.
   *
   * @param additional data of the mechanism, or null
   * @param task its name
   */
  record SaslContinue(long stream, byte[] additional, String task) implements ToConnector {
    @Override
    public void deliver(LoopAddress from, ConnectorInbox inbox) {
      inbox.saslContinue(this);
    }

    static SaslContinue read(WireReader r) {
      return new SaslContinue(r.number(), r.bytes(), r.string());
    }

    @Override
    public WireType type() {
      return WireType.SASL_CONTINUE;
    }

    @Override
    public void write(WireWriter w) {
      w.number(stream);
      w.bytes(additional);
      w.string(task);
    }
  }

  /**
   * What the client needs for the task it has begun.
   *
   * @param data an element as XML
   */
  record SaslTask(long stream, byte[] data) implements ToConnector {
    @Override
    public void deliver(LoopAddress from, ConnectorInbox inbox) {
      inbox.saslTask(this);
    }

    static SaslTask read(WireReader r) {
      return new SaslTask(r.number(), r.bytes());
    }

    @Override
    public WireType type() {
      return WireType.SASL_TASK;
    }

    @Override
    public void write(WireWriter w) {
      w.number(stream);
      w.bytes(data);
    }
  }

  /**
   * @param account the authenticated bare address
   * @param additional data to send with success, or null
   * @param token for the next login, null for none (XEP-0484)
   * @param features XML for the features of the stream, of what the router knows; null for none
   */
  record SaslSuccess(
      long stream, Jid account, byte[] additional, IssuedToken token, byte[] features)
      implements ToConnector {

    /** Without a token. */
    public SaslSuccess(long stream, Jid account, byte[] additional) {
      this(stream, account, additional, null, null);
    }

    @Override
    public void deliver(LoopAddress from, ConnectorInbox inbox) {
      inbox.saslSuccess(this);
    }

    static SaslSuccess read(WireReader r) {
      return new SaslSuccess(
          r.number(),
          r.jid(),
          r.bytes(),
          r.optional(IssuedToken::read),
          r.optional(WireReader::bytes));
    }

    @Override
    public WireType type() {
      return WireType.SASL_SUCCESS;
    }

    @Override
    public void write(WireWriter w) {
      w.number(stream);
      w.jid(account);
      w.bytes(additional);
      w.optional(token, IssuedToken::write);
      w.optional(features, (bytes, to) -> to.bytes(bytes));
    }
  }

  /**
   * @param condition element name of the condition (RFC 6120, section 6.5)
   * @param text for a human; null for {@code not-authorized} when the credentials were wrong, of
   *     which nothing more is said
   */
  record SaslFailure(long stream, String condition, String text) implements ToConnector {
    @Override
    public void deliver(LoopAddress from, ConnectorInbox inbox) {
      inbox.saslFailure(this);
    }

    static SaslFailure read(WireReader r) {
      return new SaslFailure(r.number(), r.string(), r.string());
    }

    @Override
    public WireType type() {
      return WireType.SASL_FAILURE;
    }

    @Override
    public void write(WireWriter w) {
      w.number(stream);
      w.string(condition);
      w.string(text);
    }
  }

  /**
   * The stream is bound to this full address; its stanzas go to the sender of this message.
   *
   * @param inline what was done with it as the client asked by XEP-0386, null by RFC 6120. When it
   *     is managed, {@link AcksEnabled} follows, and the client is told no earlier
   */
  record Bound(long stream, Jid session, BindResult inline) implements ToConnector {

    /** By RFC 6120. */
    public Bound(long stream, Jid session) {
      this(stream, session, null);
    }

    @Override
    public void deliver(LoopAddress from, ConnectorInbox inbox) {
      inbox.bound(from, this);
    }

    static Bound read(WireReader r) {
      return new Bound(r.number(), r.jid(), r.optional(BindResult::read));
    }

    @Override
    public WireType type() {
      return WireType.BOUND;
    }

    @Override
    public void write(WireWriter w) {
      w.number(stream);
      w.jid(session);
      w.optional(inline, BindResult::write);
    }
  }

  record BindRefused(long stream, StanzaError error) implements ToConnector {
    @Override
    public void deliver(LoopAddress from, ConnectorInbox inbox) {
      inbox.bindRefused(this);
    }

    static BindRefused read(WireReader r) {
      return new BindRefused(r.number(), ErrorCodec.stanzaError(r));
    }

    @Override
    public WireType type() {
      return WireType.BIND_REFUSED;
    }

    @Override
    public void write(WireWriter w) {
      w.number(stream);
      ErrorCodec.write(w, error);
    }
  }

  /**
   * A stanza for one stream.
   *
   * @param position its id in the mailbox log, 0 when it is not there
   * @param origin as in {@link ToRouter.Routed}
   * @param shared as in {@link Unacked}
   */
  record ToClient(long stream, Stanza stanza, long position, long origin, boolean shared)
      implements ToConnector {
    @Override
    public void deliver(LoopAddress from, ConnectorInbox inbox) {
      inbox.toClient(from, this);
    }

    static ToClient read(WireReader r) {
      return new ToClient(r.number(), StanzaCodec.read(r), r.number(), r.number(), r.bool());
    }

    @Override
    public WireType type() {
      return WireType.TO_CLIENT;
    }

    @Override
    public void write(WireWriter w) {
      w.number(stream);
      StanzaCodec.write(w, stanza);
      w.number(position);
      w.number(origin);
      w.bool(shared);
    }

    @Override
    public int weight() {
      return stanza.weight();
    }
  }

  /**
   * A stanza for several streams, each with its own addressee.
   *
   * @param addressees what each stream finds in the to attribute
   * @param position as in {@link ToClient}
   */
  record ToClients(Stanza stanza, long[] streams, Jid[] addressees, long position, long origin)
      implements ToConnector {
    @Override
    public void deliver(LoopAddress from, ConnectorInbox inbox) {
      inbox.toClients(from, this);
    }

    static ToClients read(WireReader r) {
      Stanza stanza = StanzaCodec.read(r);
      long[] streams = r.numbers();
      Jid[] addressees = r.jids();
      if (streams.length != addressees.length) {
        throw new WireFormatException("streams without addressees");
      }
      return new ToClients(stanza, streams, addressees, r.number(), r.number());
    }

    @Override
    public WireType type() {
      return WireType.TO_CLIENTS;
    }

    @Override
    public void write(WireWriter w) {
      StanzaCodec.write(w, stanza);
      w.numbers(streams);
      w.jids(addressees);
      w.number(position);
      w.number(origin);
    }

    @Override
    public int weight() {
      return stanza.weight() + 56 * streams.length;
    }
  }

  /** Stanzas of the stream up to this counter have been handled: their effects are durable. */
  record Handled(long stream, long counter) implements ToConnector {
    @Override
    public void deliver(LoopAddress from, ConnectorInbox inbox) {
      inbox.handled(from, this);
    }

    static Handled read(WireReader r) {
      return new Handled(r.number(), r.number());
    }

    @Override
    public WireType type() {
      return WireType.HANDLED;
    }

    @Override
    public void write(WireWriter w) {
      w.number(stream);
      w.number(counter);
    }
  }

  /** The stream is to be closed with this error. */
  record EndStream(long stream, StreamError error) implements ToConnector {
    @Override
    public void deliver(LoopAddress from, ConnectorInbox inbox) {
      inbox.endStream(from, this);
    }

    static EndStream read(WireReader r) {
      return new EndStream(r.number(), ErrorCodec.streamError(r));
    }

    @Override
    public WireType type() {
      return WireType.END_STREAM;
    }

    @Override
    public void write(WireWriter w) {
      w.number(stream);
      ErrorCodec.write(w, error);
    }
  }

  /**
   * The answer to an orderly {@link ToRouter.StreamEnded}: nothing more is handed to the stream.
   */
  record SessionEnded(long stream) implements ToConnector {
    @Override
    public void deliver(LoopAddress from, ConnectorInbox inbox) {
      inbox.sessionEnded(from, this);
    }

    static SessionEnded read(WireReader r) {
      return new SessionEnded(r.number());
    }

    @Override
    public WireType type() {
      return WireType.SESSION_ENDED;
    }

    @Override
    public void write(WireWriter w) {
      w.number(stream);
    }
  }

  /**
   * Stream management is on for the stream, from this message on (XEP-0198, section 3).
   *
   * @param id to resume by, null when that was not asked for
   * @param maxSeconds how long the session waits for that
   */
  record AcksEnabled(long stream, String id, long maxSeconds) implements ToConnector {
    @Override
    public void deliver(LoopAddress from, ConnectorInbox inbox) {
      inbox.acksEnabled(from, this);
    }

    static AcksEnabled read(WireReader r) {
      return new AcksEnabled(r.number(), r.string(), r.number());
    }

    @Override
    public WireType type() {
      return WireType.ACKS_ENABLED;
    }

    @Override
    public void write(WireWriter w) {
      w.number(stream);
      w.string(id);
      w.number(maxSeconds);
    }
  }

  /**
   * The stream has resumed a session (XEP-0198, section 5); what the client has not received
   * follows.
   *
   * @param counter of the last stanza of the session that was handled
   * @param base counter of the last one before stream management was enabled
   * @param acked what the client has received of those sent
   */
  record Resumed(long stream, Jid session, String id, long counter, long base, long acked)
      implements ToConnector {
    @Override
    public void deliver(LoopAddress from, ConnectorInbox inbox) {
      inbox.resumed(from, this);
    }

    static Resumed read(WireReader r) {
      return new Resumed(r.number(), r.jid(), r.string(), r.number(), r.number(), r.number());
    }

    @Override
    public WireType type() {
      return WireType.RESUMED;
    }

    @Override
    public void write(WireWriter w) {
      w.number(stream);
      w.jid(session);
      w.string(id);
      w.number(counter);
      w.number(base);
      w.number(acked);
    }
  }

  /**
   * The session cannot be resumed; the stream may bind a resource instead.
   *
   * @param condition stanza error condition that says why
   * @param handled what had been handled of it, -1 when that is not known any more
   */
  record ResumeRefused(long stream, String condition, long handled) implements ToConnector {
    @Override
    public void deliver(LoopAddress from, ConnectorInbox inbox) {
      inbox.resumeRefused(this);
    }

    static ResumeRefused read(WireReader r) {
      return new ResumeRefused(r.number(), r.string(), r.number());
    }

    @Override
    public WireType type() {
      return WireType.RESUME_REFUSED;
    }

    @Override
    public void write(WireWriter w) {
      w.number(stream);
      w.string(condition);
      w.number(handled);
    }
  }

  /**
   * The sender has taken the account over: from now on the stream's stanzas go there. Answered with
   * {@link ToRouter.StreamState}, followed by {@link ToRouter.StreamEnded} when the stream has
   * ended a moment ago, or with {@link ToRouter.NoStream}.
   */
  record StateWanted(long stream, Jid session) implements ToConnector {
    @Override
    public void deliver(LoopAddress from, ConnectorInbox inbox) {
      inbox.stateWanted(from, this);
    }

    static StateWanted read(WireReader r) {
      return new StateWanted(r.number(), r.jid());
    }

    @Override
    public WireType type() {
      return WireType.STATE_WANTED;
    }

    @Override
    public void write(WireWriter w) {
      w.number(stream);
      w.jid(session);
    }
  }
}
