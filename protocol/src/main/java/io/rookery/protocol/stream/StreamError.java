package io.rookery.protocol.stream;

import io.rookery.protocol.Namespaces;
import java.util.Objects;

/**
 * A stream error (RFC 6120, section 4.9): always fatal, the stream is closed after it.
 *
 * @param text for a human, or null
 * @param application an application-specific condition as serialized XML, or null
 */
public record StreamError(Condition condition, String text, String application) {

  /** The defined conditions of RFC 6120, section 4.9.3. */
  public enum Condition {
    BAD_FORMAT,
    BAD_NAMESPACE_PREFIX,
    CONFLICT,
    CONNECTION_TIMEOUT,
    HOST_GONE,
    HOST_UNKNOWN,
    IMPROPER_ADDRESSING,
    INTERNAL_SERVER_ERROR,
    INVALID_FROM,
    INVALID_NAMESPACE,
    INVALID_XML,
    NOT_AUTHORIZED,
    NOT_WELL_FORMED,
    POLICY_VIOLATION,
    REMOTE_CONNECTION_FAILED,
    RESET,
    RESOURCE_CONSTRAINT,
    RESTRICTED_XML,
    SEE_OTHER_HOST,
    SYSTEM_SHUTDOWN,
    UNDEFINED_CONDITION,
    UNSUPPORTED_ENCODING,
    UNSUPPORTED_FEATURE,
    UNSUPPORTED_STANZA_TYPE,
    UNSUPPORTED_VERSION;

    private final String xmlName = name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');

    /** The element's name, e.g. {@code not-well-formed}. */
    public String xmlName() {
      return xmlName;
    }
  }

  public StreamError {
    Objects.requireNonNull(condition);
  }

  public static StreamError of(Condition condition) {
    return new StreamError(condition, null, null);
  }

  public static StreamError of(Condition condition, String text) {
    return new StreamError(condition, text, null);
  }

  /**
   * XEP-0198, section 6: the peer acknowledges what was never sent.
   *
   * @param h what it acknowledges
   * @param sent what was sent
   */
  public static StreamError handledCountTooHigh(long h, long sent) {
    return new StreamError(
        Condition.UNDEFINED_CONDITION,
        null,
        "<handled-count-too-high xmlns='%s' h='%d' send-count='%d'/>"
            .formatted(Namespaces.STREAM_MANAGEMENT, h, sent & 0xFFFFFFFFL));
  }
}
