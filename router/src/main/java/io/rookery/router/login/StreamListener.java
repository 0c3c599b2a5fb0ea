package io.rookery.router.login;

import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Session;

/** Learns which sessions wait for their client, and when it is back (XEP-0198). */
public interface StreamListener {
  StreamListener NONE =
      new StreamListener() {
        @Override
        public void lost(LiveAccount account, Session session) {
          // nobody wants to know
        }

        @Override
        public void back(LiveAccount account, Session session) {
          // nobody wants to know
        }
      };

  /** A session waits to be resumed, or has come from another owner and does. */
  void lost(LiveAccount account, Session session);

  /** A client has resumed its session. */
  void back(LiveAccount account, Session session);
}
