package io.rookery.router.command;

import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaError.Type;

/** The errors of ad-hoc commands (XEP-0050, section 4.4). */
final class CommandError {
  static final StanzaError MALFORMED_ACTION = badRequest("malformed-action");
  static final StanzaError BAD_ACTION = badRequest("bad-action");
  static final StanzaError BAD_PAYLOAD = badRequest("bad-payload");
  static final StanzaError BAD_SESSION_ID = badRequest("bad-sessionid");
  static final StanzaError SESSION_EXPIRED =
      StanzaError.of(Condition.NOT_ALLOWED).withApplication(specific("session-expired"));
  static final StanzaError FORBIDDEN = StanzaError.of(Condition.FORBIDDEN).withType(Type.CANCEL);

  private CommandError() {}

  private static StanzaError badRequest(String name) {
    return StanzaError.of(Condition.BAD_REQUEST).withApplication(specific(name));
  }

  private static String specific(String name) {
    return "<" + name + " xmlns='" + Commands.NS + "'/>";
  }
}
