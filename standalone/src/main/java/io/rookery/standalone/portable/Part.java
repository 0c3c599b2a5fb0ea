package io.rookery.standalone.portable;

import io.rookery.protocol.Namespaces;
import java.util.Optional;

/** What a user element has inside (XEP-0227, section 4), and what servers add to that. */
enum Part {
  CREDENTIALS(Names.SCRAM, "scram-credentials", true),
  VCARD(Names.VCARD, "vCard", true),
  SUBSCRIPTION_REQUEST(Namespaces.CLIENT, "presence", true),
  PRIVACY_LISTS(Names.PRIVACY, "query", true),
  /** XEP-0191. Not of XEP-0227. */
  BLOCK_LIST(Names.BLOCKING, "blocklist", true),
  /** XEP-0441. Not of XEP-0227. */
  ARCHIVE_PREFERENCES(Names.MAM, "prefs", true),
  ROSTER_ITEM(Namespaces.ROSTER, "query", false),
  PRIVATE_XML(Names.PRIVATE, "query", false),
  OFFLINE_MESSAGE(Names.PIE, "offline-messages", false),
  ARCHIVED_MESSAGE(Names.ARCHIVE, "archive", false),
  /** Configuration, affiliations or subscriptions of a node. */
  NODE(Names.PUBSUB_OWNER, "pubsub", false),
  /** Items of nodes: one level deeper, in an element for each node. */
  ITEM(Names.PUBSUB, "pubsub", false);

  private final String namespace;
  private final String name;
  private final boolean whole;

  Part(String namespace, String name, boolean whole) {
    this.namespace = namespace;
    this.name = name;
    this.whole = whole;
  }

  /** The part that an element is; see {@link ClientNamespace}. */
  static Optional<Part> of(String namespace, String name) {
    if (namespace.equals(Names.PIE) && name.equals(SUBSCRIPTION_REQUEST.name)) {
      return Optional.of(SUBSCRIPTION_REQUEST);
    }
    for (Part part : values()) {
      if (part.name.equals(name) && part.namespace.equals(namespace)) {
        return Optional.of(part);
      }
    }
    return Optional.empty();
  }

  /** The element is one piece; of others each child is. */
  boolean isWhole() {
    return whole;
  }
}
