package io.rookery.router.register;

import io.rookery.protocol.stream.PeerAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many accounts one network address may make (XEP-0077, section 11), and other things that may
 * be done a number of times. Counts per window; of many addresses the oldest are forgotten first.
 * Shared by the loops of a router.
 */
public final class RegistrationLimit {
  private static final int MAX_ADDRESSES = 100_000;

  private static final class Window {
    private long start;
    private int count;
  }

  private final int perAddress;
  private final Duration window;
  private final Clock clock;
  private final Map<String, Window> windows =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
          return size() > MAX_ADDRESSES;
        }
      };

  public RegistrationLimit(int perAddress, Duration window, Clock clock) {
    this.perAddress = perAddress;
    this.window = window;
    this.clock = clock;
  }

  /** Counts one attempt; false when the address has used up its share. */
  public synchronized boolean tryAcquire(String address) {
    long now = clock.millis();
    Window current = windows.computeIfAbsent(PeerAddress.limitKey(address), a -> new Window());
    if (now - current.start >= window.toMillis()) {
      current.start = now;
      current.count = 0;
    }
    return ++current.count <= perAddress;
  }
}
