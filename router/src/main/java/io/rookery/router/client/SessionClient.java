package io.rookery.router.client;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.wire.BindRequest;
import io.rookery.protocol.wire.ClientDescription;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.SessionKey;
import io.rookery.router.session.Session;
import java.util.function.Function;

/**
 * What is known of the client of a session, if it was bound by XEP-0386: what the client said when
 * it logged in (XEP-0388).
 */
public final class SessionClient {
  /** Id of its user agent, empty when it did not say. */
  public static final SessionKey<String> ID = text("user-agent");

  /** Empty when it did not say. */
  static final SessionKey<String> SOFTWARE = text("user-agent-software");

  /** Empty when it did not say. */
  static final SessionKey<String> DEVICE = text("user-agent-device");

  /** It has logged in with a token (XEP-0484), not with a password. */
  static final SessionKey<Boolean> BY_TOKEN = SessionKey.flag("by-token");

  /** It has chosen the password that the account has (XEP-0077). */
  static final SessionKey<Boolean> CHOSE_PASSWORD = SessionKey.flag("chose-password");

  private SessionClient() {}

  private static SessionKey<String> text(String name) {
    return new SessionKey<>(name, "", Function.identity(), Function.identity());
  }

  /** Keeps it with a new session. */
  public static void describe(Session session, BindRequest bind) {
    put(session, ID, bind.client());
    ClientDescription description = bind.description();
    if (description != null) {
      put(session, SOFTWARE, description.software());
      put(session, DEVICE, description.device());
      if (description.byToken()) {
        session.put(BY_TOKEN, true);
      }
    }
  }

  /** The client of a session has chosen a password; others may not know it. */
  public static Effect chosePassword(Jid session) {
    return new Effect.SetState<>(session, CHOSE_PASSWORD, true);
  }

  /**
   * Whether the session says that its client knows the password.
   *
   * @param remembered what was presented is remembered elsewhere, and forgotten with the password
   */
  static boolean password(Session session, boolean remembered) {
    return session.get(CHOSE_PASSWORD) || !remembered && !session.get(BY_TOKEN);
  }

  private static void put(Session session, SessionKey<String> key, String value) {
    if (value != null) {
      session.put(key, value);
    }
  }

  /** Null for none. */
  static String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
