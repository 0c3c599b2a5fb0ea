package io.rookery.connector.stream;

import io.rookery.connector.ConnectorConfig.AddressLimits;
import io.rookery.protocol.stream.PeerAddress;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What each network address has open, and how often it failed to log in lately. Of IPv6 the first
 * 64 bits count: a host has as many addresses below them as it likes. Shared by all loops.
 */
public final class AddressBook {
  private static final int MAX_FAILING = 100_000;

  private record Failures(long start, int count) {}

  private final AddressLimits limits;
  private final Clock clock;
  private final Map<String, Integer> open = new ConcurrentHashMap<>();
  private final Map<String, Failures> failing =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
          return size() > MAX_FAILING;
        }
      };

  public AddressBook(AddressLimits limits, Clock clock) {
    this.limits = limits;
    this.clock = clock;
  }

  /** Counts a connection; false when the address has too many. */
  public boolean opened(String address) {
    String key = key(address);
    int now = open.merge(key, 1, Integer::sum);
    if (now > limits.connections()) {
      closed(address);
      return false;
    }
    return true;
  }

  /** A connection that was counted is gone. */
  public void closed(String address) {
    open.computeIfPresent(key(address), (k, n) -> n > 1 ? n - 1 : null);
  }

  /** Addresses with connections. */
  public int size() {
    return open.size();
  }

  /** A login failed. */
  void loginFailed(String address) {
    long now = clock.millis();
    synchronized (failing) {
      failing.merge(
          key(address),
          new Failures(now, 1),
          (old, first) ->
              now - old.start < limits.failedLoginWindow().toMillis()
                  ? new Failures(old.start, old.count + 1)
                  : first);
    }
  }

  /** False while the address has failed too often. */
  boolean mayLogIn(String address) {
    synchronized (failing) {
      Failures failures = failing.get(key(address));
      return failures == null
          || failures.count < limits.failedLogins()
          || clock.millis() - failures.start >= limits.failedLoginWindow().toMillis();
    }
  }

  private static String key(String address) {
    return PeerAddress.limitKey(address);
  }
}
