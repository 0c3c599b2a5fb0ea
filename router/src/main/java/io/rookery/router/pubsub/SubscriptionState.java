package io.rookery.router.pubsub;

import java.util.Locale;

/** What has become of a request to subscribe to a node (XEP-0060, section 4.2). */
enum SubscriptionState {
  SUBSCRIBED,
  /** The owner has not said yet. */
  PENDING,
  /** There is none, or no longer; never stored. */
  NONE;

  private final String xmlName = name().toLowerCase(Locale.ROOT);

  String xmlName() {
    return xmlName;
  }

  /** The state of that name; what another version of this software knows lets nobody in. */
  static SubscriptionState of(String xmlName) {
    return xmlName.equals(SUBSCRIBED.xmlName) ? SUBSCRIBED : PENDING;
  }
}
