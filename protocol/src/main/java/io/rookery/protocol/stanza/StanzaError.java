package io.rookery.protocol.stanza;

import java.util.Locale;
import java.util.Objects;

/**
 * A stanza error (RFC 6120, section 8.3).
 *
 * @param text for a human, or null
 * @param application an application-specific condition as serialized XML, or null
 */
public record StanzaError(Type type, Condition condition, String text, String application) {

  /** What the sender may do about it (RFC 6120, section 8.3.2). */
  public enum Type {
    AUTH,
    CANCEL,
    CONTINUE,
    MODIFY,
    WAIT;

    private final String xmlName = name().toLowerCase(Locale.ROOT);

    public String xmlName() {
      return xmlName;
    }
  }

  /** The defined conditions with their usual types (RFC 6120, section 8.3.3). */
  public enum Condition {
    BAD_REQUEST(Type.MODIFY),
    CONFLICT(Type.CANCEL),
    FEATURE_NOT_IMPLEMENTED(Type.CANCEL),
    FORBIDDEN(Type.AUTH),
    GONE(Type.CANCEL),
    INTERNAL_SERVER_ERROR(Type.CANCEL),
    ITEM_NOT_FOUND(Type.CANCEL),
    JID_MALFORMED(Type.MODIFY),
    NOT_ACCEPTABLE(Type.MODIFY),
    NOT_ALLOWED(Type.CANCEL),
    NOT_AUTHORIZED(Type.AUTH),
    POLICY_VIOLATION(Type.MODIFY),
    RECIPIENT_UNAVAILABLE(Type.WAIT),
    REDIRECT(Type.MODIFY),
    REGISTRATION_REQUIRED(Type.AUTH),
    REMOTE_SERVER_NOT_FOUND(Type.CANCEL),
    REMOTE_SERVER_TIMEOUT(Type.WAIT),
    RESOURCE_CONSTRAINT(Type.WAIT),
    SERVICE_UNAVAILABLE(Type.CANCEL),
    SUBSCRIPTION_REQUIRED(Type.AUTH),
    UNDEFINED_CONDITION(Type.CANCEL),
    UNEXPECTED_REQUEST(Type.WAIT);

    private final Type usualType;
    private final String xmlName = name().toLowerCase(Locale.ROOT).replace('_', '-');

    Condition(Type usualType) {
      this.usualType = usualType;
    }

    /** The element's name, e.g. {@code item-not-found}. */
    public String xmlName() {
      return xmlName;
    }
  }

  public StanzaError {
    Objects.requireNonNull(type);
    Objects.requireNonNull(condition);
  }

  public static StanzaError of(Condition condition) {
    return new StanzaError(condition.usualType, condition, null, null);
  }

  public static StanzaError of(Condition condition, String text) {
    return new StanzaError(condition.usualType, condition, text, null);
  }

  public StanzaError withType(Type newType) {
    return new StanzaError(newType, condition, text, application);
  }

  public StanzaError withApplication(String xml) {
    return new StanzaError(type, condition, text, xml);
  }
}
