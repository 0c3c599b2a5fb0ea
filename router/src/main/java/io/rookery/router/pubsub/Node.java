package io.rookery.router.pubsub;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.pubsub.StoredNode;
import java.util.HashMap;
import java.util.Map;

/**
 * A node of an account.
 *
 * @param affiliations of others than the owner, by bare address; none of them {@code NONE}
 * @param subscriptions of single addresses, bare or full; none of them {@code NONE}
 */
record Node(
    String name,
    NodeConfig config,
    Map<Jid, Affiliation> affiliations,
    Map<Jid, SubscriptionState> subscriptions) {
  private static final int MAX_NAME = 512;

  Node {
    affiliations = Map.copyOf(affiliations);
    subscriptions = Map.copyOf(subscriptions);
  }

  /** A new one. */
  static Node of(String name, NodeConfig config) {
    return new Node(name, config, Map.of(), Map.of());
  }

  static Node of(StoredNode stored) {
    Map<Jid, Affiliation> affiliations = new HashMap<>();
    stored.affiliations().forEach((jid, name) -> affiliations.put(jid, known(name)));
    Map<Jid, SubscriptionState> subscriptions = new HashMap<>();
    stored
        .subscriptions()
        .forEach((jid, state) -> subscriptions.put(jid, SubscriptionState.of(state)));
    return new Node(stored.name(), NodeConfig.of(stored.config()), affiliations, subscriptions);
  }

  /** One that another version of this software knows lets nobody in. */
  private static Affiliation known(String name) {
    Affiliation affiliation = Affiliation.of(name);
    return affiliation == null ? Affiliation.OUTCAST : affiliation;
  }

  StoredNode stored() {
    Map<Jid, String> names = new HashMap<>();
    affiliations.forEach((jid, affiliation) -> names.put(jid, affiliation.xmlName()));
    Map<Jid, String> states = new HashMap<>();
    subscriptions.forEach((jid, state) -> states.put(jid, state.xmlName()));
    return new StoredNode(name, config.stored(), names, states);
  }

  /** Whether something may be the name of a node, or the id of an item. */
  static boolean isName(String text) {
    return !text.isEmpty() && text.length() <= MAX_NAME;
  }

  /**
   * Whoever could subscribe without the owner's approval loses the subscription when it is needed.
   */
  Node with(NodeConfig newConfig) {
    boolean needsApproval = isByApproval(newConfig) && !isByApproval(config);
    return new Node(name, newConfig, affiliations, needsApproval ? Map.of() : subscriptions);
  }

  private static boolean isByApproval(NodeConfig config) {
    return config.value(ConfigField.ACCESS_MODEL).equals("authorize");
  }

  /** Outcasts lose their subscriptions (section 8.9.2). */
  Node with(Map<Jid, Affiliation> newAffiliations) {
    Map<Jid, SubscriptionState> left = new HashMap<>(subscriptions);
    left.keySet().removeIf(jid -> newAffiliations.get(jid.bare()) == Affiliation.OUTCAST);
    return new Node(name, config, newAffiliations, left);
  }

  /** Without anything that somebody is to it. */
  Node without(Jid bare) {
    return Node.of(stored().without(bare));
  }

  Node subscribed(Jid jid, SubscriptionState state) {
    Map<Jid, SubscriptionState> changed = new HashMap<>(subscriptions);
    if (state == SubscriptionState.NONE) {
      changed.remove(jid);
    } else {
      changed.put(jid, state);
    }
    return new Node(name, config, affiliations, changed);
  }

  SubscriptionState subscription(Jid jid) {
    return subscriptions.getOrDefault(jid, SubscriptionState.NONE);
  }

  /** The subscriptions of one user. */
  Map<Jid, SubscriptionState> subscriptionsOf(Jid bare) {
    Map<Jid, SubscriptionState> his = new HashMap<>();
    subscriptions.forEach(
        (jid, state) -> {
          if (jid.bare().equals(bare)) {
            his.put(jid, state);
          }
        });
    return his;
  }

  /** Whether one of the user's addresses is subscribed. */
  boolean isSubscribed(Jid who) {
    return subscription(who) == SubscriptionState.SUBSCRIBED
        || subscriptionsOf(who.bare()).containsValue(SubscriptionState.SUBSCRIBED);
  }

  /** Whether who is new gets what was published last. */
  boolean isSentToSubscribers() {
    return is(ConfigField.DELIVER_NOTIFICATIONS)
        && !config.value(ConfigField.SEND_LAST_PUBLISHED_ITEM).equals("never");
  }

  boolean is(ConfigField flag) {
    return config.is(flag);
  }
}
