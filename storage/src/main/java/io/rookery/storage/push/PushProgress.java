package io.rookery.storage.push;

import java.time.Instant;

/**
 * How far a push registration has come.
 *
 * @param unread messages since a session of the client was connected last
 * @param publish id of the notification that the service has still to answer, empty for none
 * @param published when the last notification was sent, in milliseconds; the epoch for never
 * @param failures in a row that may pass
 */
public record PushProgress(int unread, String publish, Instant published, int failures) {
  public static final PushProgress NONE = new PushProgress(0, "", Instant.EPOCH, 0);

  public boolean isUnderway() {
    return !publish.isEmpty();
  }

  public PushProgress withUnread(int count) {
    return new PushProgress(count, publish, published, failures);
  }

  public PushProgress published(String id, Instant now) {
    return new PushProgress(unread, id, now, failures);
  }

  /** The service has taken the notification. */
  public PushProgress taken() {
    return new PushProgress(unread, "", published, 0);
  }

  /** It has not, or nobody knows. */
  public PushProgress failed() {
    return new PushProgress(unread, "", published, failures + 1);
  }

  /** The client is there, and has asked for notifications once more. */
  public PushProgress again() {
    return new PushProgress(0, publish, published, 0);
  }
}
