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
  }

  /**
   * @param account the authenticated bare address
   * @param additional data to send with success, or null
   */
  record SaslSuccess(long stream, Jid account, byte[] additional) implements ToConnector {
    @Override
    public void deliver(LoopAddress from, ConnectorInbox inbox) {
      inbox.saslSuccess(this);
    }
  }

  /**
   * @param condition element name of the condition (RFC 6120, section 6.5)
   * @param text for a human, or null
   */
  record SaslFailure(long stream, String condition, String text) implements ToConnector {
    @Override
    public void deliver(LoopAddress from, ConnectorInbox inbox) {
      inbox.saslFailure(this);
    }
  }

  /** The stream is bound to this full address; stanzas go to the sender of this message's node. */
  record Bound(long stream, Jid session) implements ToConnector {
    @Override
    public void deliver(LoopAddress from, ConnectorInbox inbox) {
      inbox.bound(this);
    }
  }

  record BindRefused(long stream, StanzaError error) implements ToConnector {
    @Override
    public void deliver(LoopAddress from, ConnectorInbox inbox) {
      inbox.bindRefused(this);
    }
  }

  /** A stanza for one stream. */
  record ToClient(long stream, Stanza stanza) implements ToConnector {
    @Override
    public void deliver(LoopAddress from, ConnectorInbox inbox) {
      inbox.toClient(this);
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
   */
  record ToClients(Stanza stanza, long[] streams, Jid[] addressees) implements ToConnector {
    @Override
    public void deliver(LoopAddress from, ConnectorInbox inbox) {
      inbox.toClients(this);
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
      inbox.handled(this);
    }
  }

  /** The stream is to be closed with this error. */
  record EndStream(long stream, StreamError error) implements ToConnector {
    @Override
    public void deliver(LoopAddress from, ConnectorInbox inbox) {
      inbox.endStream(this);
    }
  }
}
