package io.rookery.protocol.wire;

/** A connector's event loop as a receiver of messages. */
public interface ConnectorInbox {
  void saslChallenge(ToConnector.SaslChallenge message);

  void saslContinue(ToConnector.SaslContinue message);

  void saslTask(ToConnector.SaslTask message);

  void saslSuccess(ToConnector.SaslSuccess message);

  void saslFailure(ToConnector.SaslFailure message);

  void bound(LoopAddress from, ToConnector.Bound message);

  void bindRefused(ToConnector.BindRefused message);

  void toClient(LoopAddress from, ToConnector.ToClient message);

  void toClients(LoopAddress from, ToConnector.ToClients message);

  void handled(LoopAddress from, ToConnector.Handled message);

  void endStream(LoopAddress from, ToConnector.EndStream message);

  void sessionEnded(LoopAddress from, ToConnector.SessionEnded message);

  void acksEnabled(LoopAddress from, ToConnector.AcksEnabled message);

  void resumed(LoopAddress from, ToConnector.Resumed message);

  void resumeRefused(ToConnector.ResumeRefused message);

  void stateWanted(LoopAddress from, ToConnector.StateWanted message);
}
