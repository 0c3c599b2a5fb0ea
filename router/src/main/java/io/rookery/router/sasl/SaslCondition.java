package io.rookery.router.sasl;

import java.util.Locale;

/** Why an authentication failed (RFC 6120, section 6.5). */
public enum SaslCondition {
  ABORTED,
  ACCOUNT_DISABLED,
  CREDENTIALS_EXPIRED,
  ENCRYPTION_REQUIRED,
  INCORRECT_ENCODING,
  INVALID_AUTHZID,
  INVALID_MECHANISM,
  MALFORMED_REQUEST,
  MECHANISM_TOO_WEAK,
  NOT_AUTHORIZED,
  TEMPORARY_AUTH_FAILURE;

  private final String xmlName = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** The element's name, e.g. {@code not-authorized}. */
  public String xmlName() {
    return xmlName;
  }
}
