package io.rookery.router.pubsub;

import java.util.Locale;

/** What somebody is to a node (XEP-0060, section 4.1). The owner is the account, always. */
enum Affiliation {
  OWNER,
  /** May publish, and retract what is his; sees everything. */
  PUBLISHER,
  /** On the whitelist. */
  MEMBER,
  /** Sees nothing. */
  OUTCAST,
  NONE;

  private final String xmlName = name().toLowerCase(Locale.ROOT);

  String xmlName() {
    return xmlName;
  }

  /** The affiliation of that name, or null. */
  static Affiliation of(String xmlName) {
    for (Affiliation affiliation : values()) {
      if (affiliation.xmlName.equals(xmlName)) {
        return affiliation;
      }
    }
    return null;
  }
}
