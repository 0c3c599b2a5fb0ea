package io.rookery.router.roster;

import java.util.Locale;

/** The presence types that manage subscriptions (RFC 6121, section 4.7.1). */
public enum SubscriptionType {
  SUBSCRIBE,
  UNSUBSCRIBE,
  SUBSCRIBED,
  UNSUBSCRIBED;

  private final String xmlName = name().toLowerCase(Locale.ROOT);

  /** The value of the type attribute. */
  public String xmlName() {
    return xmlName;
  }
}
