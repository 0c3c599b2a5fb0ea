package io.rookery.router.caps;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What verified capabilities say, of all clients of one loop: a few versions of a few programs.
 * Those that nobody had for the longest time go when there are too many.
 */
public final class KnownCapabilities {
  private final Map<String, Interests> known;

  public KnownCapabilities(int max) {
    known =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Interests> eldest) {
            return size() > max;
          }
        };
  }

  /** Null when they are not known. */
  Interests find(Advertised advertised) {
    return advertised.isVerifiable() ? known.get(advertised.key()) : null;
  }

  void add(Interests verified) {
    known.put(verified.of(), verified);
  }
}
