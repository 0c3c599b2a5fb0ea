package io.rookery.router.push;

import io.rookery.protocol.jid.Jid;

/** Calls back on this loop after some time. */
@FunctionalInterface
public interface Alarm {

  /**
   * @param account nothing is called when it is another router's by then
   * @param millis at least 1
   * @return cancels the alarm
   */
  Runnable set(Jid account, long millis, Runnable action);
}
