package io.rookery.protocol.wire;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.sasl.ChannelBindings;
import io.rookery.protocol.stanza.Stanza;

/** What a router receives, from connectors and from other routers. */
public sealed interface ToRouter extends WireMessage {

  /** The account whose owner is meant; null when any router can take the message. */
  default Jid about() {
    return null;
  }

  /** Calls the method of the receiver that is meant for this message. */
  void deliver(LoopAddress from, RouterInbox inbox);

  /**
   * A client chose a SASL mechanism (RFC 6120, section 6.4.2).
   *
   * @param stream number of the stream at the connector
   * @param initial the initial response, or null
   * @param encrypted the stream is protected by TLS
   * @param bindings what the connector contributes about the TLS channel: it never holds a
   *     credential, so the router decides
   * @param peer the client's network address, for limits and logs
   * @param request what else the client asks for by XEP-0388; null by RFC 6120
   */
  record SaslStart(
      long stream,
      String domain,
      String mechanism,
      byte[] initial,
      boolean encrypted,
      ChannelBindings bindings,
      String peer,
      LoginRequest request)
      implements ToRouter {

    /** By RFC 6120. */
    public SaslStart(
        long stream,
        String domain,
        String mechanism,
        byte[] initial,
        boolean encrypted,
        ChannelBindings bindings,
        String peer) {
      this(stream, domain, mechanism, initial, encrypted, bindings, peer, null);
    }

    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.saslStart(from, this);
    }

    static SaslStart read(WireReader r) {
      return new SaslStart(
          r.number(),
          r.string(),
          r.string(),
          r.bytes(),
          r.bool(),
          BindingsCodec.read(r),
          r.string(),
          r.optional(LoginRequest::read));
    }

    @Override
    public WireType type() {
      return WireType.SASL_START;
    }

    @Override
    public void write(WireWriter w) {
      w.number(stream);
      w.string(domain);
      w.string(mechanism);
      w.bytes(initial);
      w.bool(encrypted);
      BindingsCodec.write(w, bindings);
      w.string(peer);
      w.optional(request, LoginRequest::write);
    }
  }

  /** A response to a challenge (RFC 6120, section 6.4.3). */
  record SaslResponse(long stream, byte[] response) implements ToRouter {
    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.saslResponse(from, this);
    }

    static SaslResponse read(WireReader r) {
      return new SaslResponse(r.number(), r.bytes());
    }

    @Override
    public WireType type() {
      return WireType.SASL_RESPONSE;
    }

    @Override
    public void write(WireWriter w) {
      w.number(stream);
      w.bytes(response);
    }
  }

  /** The client gave up (RFC 6120, section 6.4.4), or its stream is gone. */
  record SaslAbort(long stream) implements ToRouter {
    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.saslAbort(from, this);
    }

    static SaslAbort read(WireReader r) {
      return new SaslAbort(r.number());
    }

    @Override
    public WireType type() {
      return WireType.SASL_ABORT;
    }

    @Override
    public void write(WireWriter w) {
      w.number(stream);
    }
  }

  /** The client begins a task it was told of by {@link ToConnector.SaslContinue} (XEP-0388). */
  record SaslNext(long stream, String task) implements ToRouter {
    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.saslNext(from, this);
    }

    static SaslNext read(WireReader r) {
      return new SaslNext(r.number(), r.string());
    }

    @Override
    public WireType type() {
      return WireType.SASL_NEXT;
    }

    @Override
    public void write(WireWriter w) {
      w.number(stream);
      w.string(task);
    }
  }

  /**
   * The client's part of a task (XEP-0388).
   *
   * @param data an element as XML; null when there was none
   */
  record SaslTaskResponse(long stream, byte[] data) implements ToRouter {
    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.saslTaskResponse(from, this);
    }

    static SaslTaskResponse read(WireReader r) {
      return new SaslTaskResponse(r.number(), r.bytes());
    }

    @Override
    public WireType type() {
      return WireType.SASL_TASK_RESPONSE;
    }

    @Override
    public void write(WireWriter w) {
      w.number(stream);
      w.bytes(data);
    }
  }

  /**
   * An authenticated stream asks for a resource (RFC 6120, section 7).
   *
   * @param account the authenticated bare address
   * @param resource what the client asked for, or null
   * @param inline what it asked for by XEP-0386 instead; null by RFC 6120
   */
  record Bind(long stream, Jid account, String resource, String peer, BindRequest inline)
      implements ToRouter {

    /** By RFC 6120. */
    public Bind(long stream, Jid account, String resource, String peer) {
      this(stream, account, resource, peer, null);
    }

    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.bind(from, this);
    }

    @Override
    public Jid about() {
      return account;
    }

    static Bind read(WireReader r) {
      return new Bind(r.number(), r.jid(), r.string(), r.string(), r.optional(BindRequest::read));
    }

    @Override
    public WireType type() {
      return WireType.BIND;
    }

    @Override
    public void write(WireWriter w) {
      w.number(stream);
      w.jid(account);
      w.string(resource);
      w.string(peer);
      w.optional(inline, BindRequest::write);
    }
  }

  /**
   * An in-band registration request of a stream that is not authenticated (XEP-0077).
   *
   * @param domain the domain the stream was opened to
   * @param invitation the token that a router has accepted on this stream (XEP-0445), or null
   */
  record Registration(long stream, String domain, Stanza iq, String peer, String invitation)
      implements ToRouter {

    /** Without an invitation. */
    public Registration(long stream, String domain, Stanza iq, String peer) {
      this(stream, domain, iq, peer, null);
    }

    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.registration(from, this);
    }

    static Registration read(WireReader r) {
      return new Registration(
          r.number(), r.string(), StanzaCodec.read(r), r.string(), r.hasMore() ? r.string() : null);
    }

    @Override
    public WireType type() {
      return WireType.REGISTRATION;
    }

    @Override
    public void write(WireWriter w) {
      w.number(stream);
      w.string(domain);
      StanzaCodec.write(w, iq);
      w.string(peer);
      w.string(invitation);
    }
  }

  /**
   * A stanza from a client.
   *
   * @param session the full address the stream is bound to
   * @param stream number of the stream at the connector
   * @param counter counts the session's stanzas from 1, also over resumption; with the session it
   *     makes the stanza's idempotent id
   * @param refused what the client sent was none: the stanza is the error to hand back to it, which
   *     the owner does so that both sides count alike (XEP-0198)
   */
  record FromClient(Jid session, long stream, long counter, Stanza stanza, boolean refused)
      implements ToRouter {
    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.fromClient(from, this);
    }

    @Override
    public Jid about() {
      return session;
    }

    static FromClient read(WireReader r) {
      return new FromClient(r.jid(), r.number(), r.number(), StanzaCodec.read(r), r.bool());
    }

    @Override
    public WireType type() {
      return WireType.FROM_CLIENT;
    }

    @Override
    public void write(WireWriter w) {
      w.jid(session);
      w.number(stream);
      w.number(counter);
      StanzaCodec.write(w, stanza);
      w.bool(refused);
    }

    @Override
    public int weight() {
      return stanza.weight();
    }
  }

  /**
   * A bound stream has ended.
   *
   * @param orderly the client has closed it: it is still handed stanzas, and is answered to, until
   *     the owner says {@link ToConnector.SessionEnded}
   */
  record StreamEnded(Jid session, long stream, boolean orderly) implements ToRouter {
    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.streamEnded(from, this);
    }

    @Override
    public Jid about() {
      return session;
    }

    static StreamEnded read(WireReader r) {
      return new StreamEnded(r.jid(), r.number(), r.bool());
    }

    @Override
    public WireType type() {
      return WireType.STREAM_ENDED;
    }

    @Override
    public void write(WireWriter w) {
      w.jid(session);
      w.number(stream);
      w.bool(orderly);
    }
  }

  /**
   * A stanza to a local account, for the router that owns it.
   *
   * @param ticket non-zero when the sender wants {@link Settled} once the effects are durable
   * @param origin names the client's stanza over all repetitions, 0 when it is not a client's
   * @param repeated it may have been sent before, to this owner or another
   */
  record Routed(Stanza stanza, long ticket, long origin, boolean repeated) implements ToRouter {
    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.routed(from, this);
    }

    @Override
    public Jid about() {
      return stanza.to();
    }

    static Routed read(WireReader r) {
      return new Routed(StanzaCodec.read(r), r.number(), r.number(), r.bool());
    }

    @Override
    public WireType type() {
      return WireType.ROUTED;
    }

    @Override
    public void write(WireWriter w) {
      StanzaCodec.write(w, stanza);
      w.number(ticket);
      w.number(origin);
      w.bool(repeated);
    }

    @Override
    public int weight() {
      return stanza.weight();
    }
  }

  /**
   * One stanza to many accounts with the same owner: one frame per node, not per contact.
   *
   * @param stanza a presence, a notification (XEP-0163), or a question that needs no answer
   */
  record Fanout(Stanza stanza, Jid[] recipients) implements ToRouter {
    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.fanout(from, this);
    }

    static Fanout read(WireReader r) {
      return new Fanout(StanzaCodec.read(r), r.jids());
    }

    @Override
    public WireType type() {
      return WireType.FANOUT;
    }

    @Override
    public void write(WireWriter w) {
      StanzaCodec.write(w, stanza);
      w.jids(recipients);
    }

    @Override
    public int weight() {
      return stanza.weight() + 48 * recipients.length;
    }
  }

  /**
   * The effects of {@link Routed} are durable, or could not be made so.
   *
   * @param durable false: storage failed, the stanza may not be acknowledged
   */
  record Settled(long ticket, boolean durable) implements ToRouter {
    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.settled(from, this);
    }

    static Settled read(WireReader r) {
      return new Settled(r.number(), r.bool());
    }

    @Override
    public WireType type() {
      return WireType.SETTLED;
    }

    @Override
    public void write(WireWriter w) {
      w.number(ticket);
      w.bool(durable);
    }
  }

  /** An account was removed: its owner ends sessions and forgets what it remembers. */
  record AccountRemoved(Jid account) implements ToRouter {
    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.accountRemoved(from, this);
    }

    @Override
    public Jid about() {
      return account;
    }

    static AccountRemoved read(WireReader r) {
      return new AccountRemoved(r.jid());
    }

    @Override
    public WireType type() {
      return WireType.ACCOUNT_REMOVED;
    }

    @Override
    public void write(WireWriter w) {
      w.jid(account);
    }
  }

  /**
   * A bound stream asks for stream management (XEP-0198, section 3).
   *
   * @param counter of the last stanza before the request: what is acknowledged counts from there
   * @param resume the session is to be resumable
   * @param maxSeconds how long at most, as the client wishes; 0 for no wish
   */
  record EnableAcks(Jid session, long stream, long counter, boolean resume, long maxSeconds)
      implements ToRouter {
    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.enableAcks(from, this);
    }

    @Override
    public Jid about() {
      return session;
    }

    static EnableAcks read(WireReader r) {
      return new EnableAcks(r.jid(), r.number(), r.number(), r.bool(), r.number());
    }

    @Override
    public WireType type() {
      return WireType.ENABLE_ACKS;
    }

    @Override
    public void write(WireWriter w) {
      w.jid(session);
      w.number(stream);
      w.number(counter);
      w.bool(resume);
      w.number(maxSeconds);
    }
  }

  /**
   * The client has acknowledged stanzas (XEP-0198, section 4).
   *
   * @param count how many of those sent since stream management was enabled, over all streams of
   *     the session
   */
  record ClientAcked(Jid session, long stream, long count) implements ToRouter {
    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.clientAcked(from, this);
    }

    @Override
    public Jid about() {
      return session;
    }

    static ClientAcked read(WireReader r) {
      return new ClientAcked(r.jid(), r.number(), r.number());
    }

    @Override
    public WireType type() {
      return WireType.CLIENT_ACKED;
    }

    @Override
    public void write(WireWriter w) {
      w.jid(session);
      w.number(stream);
      w.number(count);
    }
  }

  /** The client waits for an acknowledgement: to be reported as soon as this stanza is handled. */
  record AckWanted(Jid session, long stream, long counter) implements ToRouter {
    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.ackWanted(from, this);
    }

    @Override
    public Jid about() {
      return session;
    }

    static AckWanted read(WireReader r) {
      return new AckWanted(r.jid(), r.number(), r.number());
    }

    @Override
    public WireType type() {
      return WireType.ACK_WANTED;
    }

    @Override
    public void write(WireWriter w) {
      w.jid(session);
      w.number(stream);
      w.number(counter);
    }
  }

  /**
   * An authenticated stream wants to resume a session (XEP-0198, section 5).
   *
   * @param id of the session, as it was given out
   * @param acked what the client has received, modulo 2^32
   */
  record Resume(long stream, Jid account, String id, long acked, String peer) implements ToRouter {
    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.resume(from, this);
    }

    @Override
    public Jid about() {
      return account;
    }

    static Resume read(WireReader r) {
      return new Resume(r.number(), r.jid(), r.string(), r.number(), r.string());
    }

    @Override
    public WireType type() {
      return WireType.RESUME;
    }

    @Override
    public void write(WireWriter w) {
      w.number(stream);
      w.jid(account);
      w.string(id);
      w.number(acked);
      w.string(peer);
    }
  }

  /**
   * What a connector knows of a bound stream, for an owner that took the account over from another.
   * The stream's stanzas after {@code handled} follow, in order, each of them a repetition.
   *
   * @param counter of the last stanza the client sent
   * @param handled up to which the owner before had reported them as handled
   * @param id of the session under stream management, or null
   * @param acked what the client has acknowledged, as in {@link ClientAcked}
   * @param position greatest mailbox id handed to the stream, 0 for none
   * @param unacked what was sent and is not acknowledged; empty without stream management
   * @param taken of each stanza that the client acknowledged lately its origin and its id in the
   *     log: the owner before may have died before it was there, and the sender repeats it
   */
  record StreamState(
      Jid session,
      long stream,
      long counter,
      long handled,
      String id,
      long acked,
      long position,
      Unacked[] unacked,
      long[] taken)
      implements ToRouter {
    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.streamState(from, this);
    }

    @Override
    public Jid about() {
      return session;
    }

    static StreamState read(WireReader r) {
      return new StreamState(
          r.jid(),
          r.number(),
          r.number(),
          r.number(),
          r.string(),
          r.number(),
          r.number(),
          Unacked.readAll(r),
          r.numbers());
    }

    @Override
    public WireType type() {
      return WireType.STREAM_STATE;
    }

    @Override
    public void write(WireWriter w) {
      w.jid(session);
      w.number(stream);
      w.number(counter);
      w.number(handled);
      w.string(id);
      w.number(acked);
      w.number(position);
      Unacked.writeAll(w, unacked);
      w.numbers(taken);
    }

    @Override
    public int weight() {
      return 100 + Unacked.weight(unacked) + 8 * taken.length;
    }
  }

  /** The answer to {@link ToConnector.StateWanted} for a stream of which nothing is known. */
  record NoStream(Jid session, long stream) implements ToRouter {
    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.noStream(from, this);
    }

    @Override
    public Jid about() {
      return session;
    }

    static NoStream read(WireReader r) {
      return new NoStream(r.jid(), r.number());
    }

    @Override
    public WireType type() {
      return WireType.NO_STREAM;
    }

    @Override
    public void write(WireWriter w) {
      w.jid(session);
      w.number(stream);
    }
  }

  /**
   * A client says whether somebody looks at it (XEP-0352). Told again to an owner that has taken
   * the account over, behind {@link StreamState}.
   */
  record ClientState(Jid session, long stream, boolean active) implements ToRouter {
    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.clientState(from, this);
    }

    @Override
    public Jid about() {
      return session;
    }

    static ClientState read(WireReader r) {
      return new ClientState(r.jid(), r.number(), r.bool());
    }

    @Override
    public WireType type() {
      return WireType.CLIENT_STATE;
    }

    @Override
    public void write(WireWriter w) {
      w.jid(session);
      w.number(stream);
      w.bool(active);
    }
  }

  /**
   * A router that has become the owner of these partitions asks whether anybody else still works
   * for them. Each owner before answers with {@link Yielded} once it has stopped.
   */
  record Claim(long[] partitions) implements ToRouter {
    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.claim(from, this);
    }

    static Claim read(WireReader r) {
      return new Claim(r.numbers());
    }

    @Override
    public WireType type() {
      return WireType.CLAIM;
    }

    @Override
    public void write(WireWriter w) {
      w.numbers(partitions);
    }
  }

  /** The answer to {@link Claim}: nothing is under way here for these partitions any more. */
  record Yielded(long[] partitions) implements ToRouter {
    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.yielded(from, this);
    }

    static Yielded read(WireReader r) {
      return new Yielded(r.numbers());
    }

    @Override
    public WireType type() {
      return WireType.YIELDED;
    }

    @Override
    public void write(WireWriter w) {
      w.numbers(partitions);
    }
  }

  /**
   * A message that came to a router which does not own the account any more, passed on.
   *
   * @param sender who gets the answer
   * @param hops how often it has been passed on: owners change one after the other on each node
   * @param message null when this version does not know its type
   */
  record Forwarded(LoopAddress sender, long hops, ToRouter message) implements ToRouter {
    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.forwarded(this);
    }

    static Forwarded read(WireReader r) {
      LoopAddress sender = r.address();
      long hops = r.number();
      WireMessage message = WireCodec.read(r);
      if (sender == null || message != null && !(message instanceof ToRouter)) {
        throw new WireFormatException("not a message that can be forwarded");
      }
      return new Forwarded(sender, hops, (ToRouter) message);
    }

    @Override
    public WireType type() {
      return WireType.FORWARDED;
    }

    @Override
    public void write(WireWriter w) {
      w.address(sender);
      w.number(hops);
      WireCodec.write(w, message);
    }

    @Override
    public int weight() {
      return message.weight();
    }
  }

  /**
   * Asks the owner what it knows of an account (XEP-0133); it answers with {@link Told}.
   *
   * @param end which of its sessions end first: null for none, empty for all, otherwise the one of
   *     that resource
   */
  record AccountWanted(Jid account, long ticket, String end) implements ToRouter {
    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.accountWanted(from, this);
    }

    @Override
    public Jid about() {
      return account;
    }

    static AccountWanted read(WireReader r) {
      return new AccountWanted(r.jid(), r.number(), r.string());
    }

    @Override
    public WireType type() {
      return WireType.ACCOUNT_WANTED;
    }

    @Override
    public void write(WireWriter w) {
      w.jid(account);
      w.number(ticket);
      w.string(end);
    }
  }

  /**
   * Asks a loop how many accounts of a domain are online there (XEP-0133); it answers with {@link
   * Told}.
   */
  record OnlineWanted(long ticket, String domain) implements ToRouter {
    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.onlineWanted(from, this);
    }

    static OnlineWanted read(WireReader r) {
      return new OnlineWanted(r.number(), r.string());
    }

    @Override
    public WireType type() {
      return WireType.ONLINE_WANTED;
    }

    @Override
    public void write(WireWriter w) {
      w.number(ticket);
      w.string(domain);
    }
  }

  /**
   * An answer to {@link AccountWanted} or {@link OnlineWanted}.
   *
   * @param number of contacts, or of accounts
   * @param sessions of the account, as they are now; none in an answer to {@link OnlineWanted}
   */
  record Told(long ticket, long number, Jid[] sessions) implements ToRouter {
    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.told(this);
    }

    static Told read(WireReader r) {
      return new Told(r.number(), r.number(), r.jids());
    }

    @Override
    public WireType type() {
      return WireType.TOLD;
    }

    @Override
    public void write(WireWriter w) {
      w.number(ticket);
      w.number(number);
      w.jids(sessions);
    }
  }

  /**
   * A message for everybody who is online on a loop (XEP-0133).
   *
   * @param message from the domain whose users get it; its {@code to} does not matter
   */
  record Announced(Stanza message) implements ToRouter {
    @Override
    public void deliver(LoopAddress from, RouterInbox inbox) {
      inbox.announced(this);
    }

    static Announced read(WireReader r) {
      return new Announced(StanzaCodec.read(r));
    }

    @Override
    public WireType type() {
      return WireType.ANNOUNCED;
    }

    @Override
    public void write(WireWriter w) {
      StanzaCodec.write(w, message);
    }

    @Override
    public int weight() {
      return message.weight();
    }
  }
}
