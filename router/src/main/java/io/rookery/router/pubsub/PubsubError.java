package io.rookery.router.pubsub;

import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.xml.Element;

/** The errors of XEP-0060 that have a condition of their own (section 11). */
final class PubsubError {
  private static final String NS = "http://jabber.org/protocol/pubsub#errors";

  static final StanzaError NODE_ID_REQUIRED = of(Condition.BAD_REQUEST, "nodeid-required");
  static final StanzaError NO_INSTANT_NODES = of(Condition.NOT_ACCEPTABLE, "nodeid-required");
  static final StanzaError ITEM_REQUIRED = of(Condition.BAD_REQUEST, "item-required");
  static final StanzaError PAYLOAD_REQUIRED = of(Condition.BAD_REQUEST, "payload-required");
  static final StanzaError INVALID_PAYLOAD = of(Condition.BAD_REQUEST, "invalid-payload");
  static final StanzaError PAYLOAD_TOO_BIG = of(Condition.NOT_ACCEPTABLE, "payload-too-big");
  static final StanzaError MAX_ITEMS_EXCEEDED = of(Condition.NOT_ALLOWED, "max-items-exceeded");
  static final StanzaError MAX_NODES_EXCEEDED = of(Condition.NOT_ALLOWED, "max-nodes-exceeded");
  static final StanzaError NODE_FULL = of(Condition.CONFLICT, "node-full");
  static final StanzaError PRECONDITION_NOT_MET = of(Condition.CONFLICT, "precondition-not-met");
  static final StanzaError CLOSED_NODE = of(Condition.NOT_ALLOWED, "closed-node");
  static final StanzaError NOT_IN_ROSTER_GROUP =
      of(Condition.NOT_AUTHORIZED, "not-in-roster-group");
  static final StanzaError PRESENCE_SUBSCRIPTION_REQUIRED =
      of(Condition.NOT_AUTHORIZED, "presence-subscription-required");
  static final StanzaError UNSUPPORTED_ACCESS_MODEL =
      of(Condition.NOT_ACCEPTABLE, "unsupported-access-model");
  static final StanzaError INVALID_JID = of(Condition.BAD_REQUEST, "invalid-jid");

  /** To see a node whose owner says who may subscribe. */
  static final StanzaError NOT_SUBSCRIBED = of(Condition.NOT_AUTHORIZED, "not-subscribed");

  /** There is nothing to unsubscribe from. */
  static final StanzaError NO_SUBSCRIPTION =
      of(Condition.UNEXPECTED_REQUEST, "not-subscribed").withType(StanzaError.Type.CANCEL);

  static final StanzaError PENDING_SUBSCRIPTION =
      of(Condition.NOT_AUTHORIZED, "pending-subscription");
  static final StanzaError TOO_MANY_SUBSCRIPTIONS =
      of(Condition.POLICY_VIOLATION, "too-many-subscriptions").withType(StanzaError.Type.WAIT);
  static final StanzaError NOT_PERSISTENT = unsupported("persistent-items");

  private PubsubError() {}

  /**
   * @param feature of XEP-0060, section 10, that is not supported
   */
  static StanzaError unsupported(String feature) {
    return with(
        Condition.FEATURE_NOT_IMPLEMENTED,
        Element.of(NS, "unsupported").attribute("feature", feature));
  }

  private static StanzaError of(Condition condition, String name) {
    return with(condition, Element.of(NS, name));
  }

  private static StanzaError with(Condition condition, Element application) {
    return StanzaError.of(condition).withApplication(application.toString());
  }
}
