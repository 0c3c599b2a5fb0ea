package io.rookery.protocol.wire;

import java.util.function.Function;

/**
 * The types of {@link WireMessage} and who reads their fields. The order is part of the contract:
 * append only.
 */
public enum WireType {
  SASL_START(ToRouter.SaslStart::read),
  SASL_RESPONSE(ToRouter.SaslResponse::read),
  SASL_ABORT(ToRouter.SaslAbort::read),
  BIND(ToRouter.Bind::read),
  REGISTRATION(ToRouter.Registration::read),
  FROM_CLIENT(ToRouter.FromClient::read),
  STREAM_ENDED(ToRouter.StreamEnded::read),
  ROUTED(ToRouter.Routed::read),
  FANOUT(ToRouter.Fanout::read),
  SETTLED(ToRouter.Settled::read),
  ACCOUNT_REMOVED(ToRouter.AccountRemoved::read),
  SASL_CHALLENGE(ToConnector.SaslChallenge::read),
  SASL_SUCCESS(ToConnector.SaslSuccess::read),
  SASL_FAILURE(ToConnector.SaslFailure::read),
  BOUND(ToConnector.Bound::read),
  BIND_REFUSED(ToConnector.BindRefused::read),
  TO_CLIENT(ToConnector.ToClient::read),
  TO_CLIENTS(ToConnector.ToClients::read),
  HANDLED(ToConnector.Handled::read),
  END_STREAM(ToConnector.EndStream::read),
  ENABLE_ACKS(ToRouter.EnableAcks::read),
  CLIENT_ACKED(ToRouter.ClientAcked::read),
  ACK_WANTED(ToRouter.AckWanted::read),
  RESUME(ToRouter.Resume::read),
  STREAM_STATE(ToRouter.StreamState::read),
  CLAIM(ToRouter.Claim::read),
  YIELDED(ToRouter.Yielded::read),
  ACKS_ENABLED(ToConnector.AcksEnabled::read),
  RESUMED(ToConnector.Resumed::read),
  RESUME_REFUSED(ToConnector.ResumeRefused::read),
  STATE_WANTED(ToConnector.StateWanted::read),
  FORWARDED(ToRouter.Forwarded::read),
  NO_STREAM(ToRouter.NoStream::read),
  CLIENT_STATE(ToRouter.ClientState::read),
  SESSION_ENDED(ToConnector.SessionEnded::read),
  SASL_CONTINUE(ToConnector.SaslContinue::read),
  SASL_NEXT(ToRouter.SaslNext::read),
  SASL_TASK(ToConnector.SaslTask::read),
  SASL_TASK_RESPONSE(ToRouter.SaslTaskResponse::read),
  ACCOUNT_WANTED(ToRouter.AccountWanted::read),
  ONLINE_WANTED(ToRouter.OnlineWanted::read),
  TOLD(ToRouter.Told::read),
  ANNOUNCED(ToRouter.Announced::read);

  private static final WireType[] VALUES = values();

  private final Function<WireReader, WireMessage> reader;

  WireType(Function<WireReader, WireMessage> reader) {
    this.reader = reader;
  }

  /** The type of that number, or null when only later versions know it. */
  static WireType of(int number) {
    return number < VALUES.length ? VALUES[number] : null;
  }

  WireMessage read(WireReader fields) {
    return reader.apply(fields);
  }
}
