package io.rookery.connector.stream;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Streams that were lost lately in the middle of a session: when its owner died at the same moment,
 * what this connector knows of the stream is all there is, and a new owner asks for it.
 */
final class LostStreams {
  private static final long REMEMBER_MILLIS = 60_000;
  private static final int MAX = 10_000;

  private record Lost(ClientStream stream, long since) {}

  private final Map<Long, Lost> byNumber =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Lost> eldest) {
          return size() > MAX;
        }
      };

  void add(ClientStream stream, long now) {
    byNumber.put(stream.number, new Lost(stream, now));
  }

  /** The stream of that number, null when it is not remembered. */
  ClientStream get(long number) {
    Lost lost = byNumber.get(number);
    return lost == null ? null : lost.stream;
  }

  /** To be called about once a second. */
  void forget(long now) {
    byNumber.values().removeIf(lost -> now - lost.since > REMEMBER_MILLIS);
  }
}
