package io.rookery.protocol.wire;

/** A router's event loop as a receiver of messages. */
public interface RouterInbox {

  /** A message has come; the receiver decides whether it is the one to take it. */
  default void receive(LoopAddress from, ToRouter message) {
    message.deliver(from, this);
  }

  void saslStart(LoopAddress from, ToRouter.SaslStart message);

  void saslResponse(LoopAddress from, ToRouter.SaslResponse message);

  void saslAbort(LoopAddress from, ToRouter.SaslAbort message);

  void saslNext(LoopAddress from, ToRouter.SaslNext message);

  void saslTaskResponse(LoopAddress from, ToRouter.SaslTaskResponse message);

  void bind(LoopAddress from, ToRouter.Bind message);

  void registration(LoopAddress from, ToRouter.Registration message);

  void fromClient(LoopAddress from, ToRouter.FromClient message);

  void streamEnded(LoopAddress from, ToRouter.StreamEnded message);

  void routed(LoopAddress from, ToRouter.Routed message);

  void fanout(LoopAddress from, ToRouter.Fanout message);

  void settled(LoopAddress from, ToRouter.Settled message);

  void accountRemoved(LoopAddress from, ToRouter.AccountRemoved message);

  void enableAcks(LoopAddress from, ToRouter.EnableAcks message);

  void clientAcked(LoopAddress from, ToRouter.ClientAcked message);

  void ackWanted(LoopAddress from, ToRouter.AckWanted message);

  void resume(LoopAddress from, ToRouter.Resume message);

  void streamState(LoopAddress from, ToRouter.StreamState message);

  void noStream(LoopAddress from, ToRouter.NoStream message);

  void clientState(LoopAddress from, ToRouter.ClientState message);

  void claim(LoopAddress from, ToRouter.Claim message);

  void yielded(LoopAddress from, ToRouter.Yielded message);

  void forwarded(ToRouter.Forwarded message);

  void accountWanted(LoopAddress from, ToRouter.AccountWanted message);

  void onlineWanted(LoopAddress from, ToRouter.OnlineWanted message);

  void told(ToRouter.Told message);

  void announced(ToRouter.Announced message);
}
