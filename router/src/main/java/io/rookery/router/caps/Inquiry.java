package io.rookery.router.caps;

import io.rookery.router.extension.SessionKey;

/**
 * What a client has been asked about its capabilities. It is forgotten with the session, and asked
 * again when a presence comes after the time-out.
 *
 * @param id of the request, empty for none
 * @param atMillis since 1970
 * @param hash as in {@link Advertised}
 */
record Inquiry(String id, long atMillis, String hash, String ver) {
  static final Inquiry NONE = new Inquiry("", 0, "", "");

  static final SessionKey<Inquiry> KEY =
      new SessionKey<>("caps.inquiry", NONE, Inquiry::encoded, Inquiry::decoded);

  private static final long TIMEOUT_MILLIS = 30_000;

  boolean isAbout(Advertised advertised) {
    return !id.isEmpty() && hash.equals(advertised.hash()) && ver.equals(advertised.ver());
  }

  boolean isUnderway(long nowMillis) {
    return !id.isEmpty() && nowMillis - atMillis < TIMEOUT_MILLIS;
  }

  private String encoded() {
    return id + " " + atMillis + " " + hash + " " + ver;
  }

  private static Inquiry decoded(String text) {
    String[] parts = text.split(" ", 4);
    return new Inquiry(parts[0], Long.parseLong(parts[1]), parts[2], parts[3]);
  }
}
