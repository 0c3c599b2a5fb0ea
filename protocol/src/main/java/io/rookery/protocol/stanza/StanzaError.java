package io.rookery.protocol.stanza;

import java.util.Locale;
import java.util.Objects;

/**
 * A stanza error (RFC 6120, section 8.3).
 *
 * @param text for a human, or null
 * @param application an application-specific condition as serialized XML, or null
 * @param address URI at which the entity is now, of {@code gone} and {@code redirect}, or null; not
 *     in the messages between nodes, which carry errors of streams only
 */
public record StanzaError(
    Type type, Condition condition, String text, String application, String address) {

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
    BAD_REQUEST(Type.MODIFY, 400),
    CONFLICT(Type.CANCEL, 409),
    FEATURE_NOT_IMPLEMENTED(Type.CANCEL, 501),
    FORBIDDEN(Type.AUTH, 403),
    GONE(Type.CANCEL, 302),
    INTERNAL_SERVER_ERROR(Type.CANCEL, 500),
    ITEM_NOT_FOUND(Type.CANCEL, 404),
    JID_MALFORMED(Type.MODIFY, 400),
    NOT_ACCEPTABLE(Type.MODIFY, 406),
    NOT_ALLOWED(Type.CANCEL, 405),
    NOT_AUTHORIZED(Type.AUTH, 401),
    POLICY_VIOLATION(Type.MODIFY, 406),
    RECIPIENT_UNAVAILABLE(Type.WAIT, 404),
    REDIRECT(Type.MODIFY, 302),
    REGISTRATION_REQUIRED(Type.AUTH, 407),
    REMOTE_SERVER_NOT_FOUND(Type.CANCEL, 404),
    REMOTE_SERVER_TIMEOUT(Type.WAIT, 504),
    RESOURCE_CONSTRAINT(Type.WAIT, 500),
    SERVICE_UNAVAILABLE(Type.CANCEL, 503),
    SUBSCRIPTION_REQUIRED(Type.AUTH, 407),
    UNDEFINED_CONDITION(Type.CANCEL, 500),
    UNEXPECTED_REQUEST(Type.WAIT, 400);

    private final Type usualType;
    private final int legacyCode;
    private final String xmlName = name().toLowerCase(Locale.ROOT).replace('_', '-');

    Condition(Type usualType, int legacyCode) {
      this.usualType = usualType;
      this.legacyCode = legacyCode;
    }

    /** The number of XEP-0086: some clients look at nothing else. */
    public int legacyCode() {
      return legacyCode;
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

  /** An error without an address. */
  public StanzaError(Type type, Condition condition, String text, String application) {
    this(type, condition, text, application, null);
  }

  /** The entity has another address, for ever (RFC 6120, section 8.3.3.5). */
  public static StanzaError gone(String uri) {
    return new StanzaError(Condition.GONE.usualType, Condition.GONE, null, null, uri);
  }

  public static StanzaError of(Condition condition) {
    return new StanzaError(condition.usualType, condition, null, null);
  }

  public static StanzaError of(Condition condition, String text) {
    return new StanzaError(condition.usualType, condition, text, null);
  }

  public StanzaError withType(Type newType) {
    return new StanzaError(newType, condition, text, application, address);
  }

  public StanzaError withApplication(String xml) {
    return new StanzaError(type, condition, text, xml, address);
  }
}
