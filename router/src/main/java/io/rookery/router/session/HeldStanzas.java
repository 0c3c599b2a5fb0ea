package io.rookery.router.session;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Payload;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.Unacked;
import io.rookery.protocol.xml.Element;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * XEP-0352: Client State Indication: what a client is spared while nobody looks at it. That is the
 * presence of others and chat states (XEP-0085) without anything else, of each sender the latest
 * only. Everything else is of interest at once, and what was held goes out before it.
 */
public final class HeldStanzas {
  /** More is not worth the wait: all of it goes out. */
  static final int MAX_STANZAS = 1000;

  /** The same by weight. */
  static final int MAX_BYTES = 256 << 10;

  private static final String CHAT_STATES = "http://jabber.org/protocol/chatstates";
  private static final String MUC_USER = "http://jabber.org/protocol/muc#user";

  /** What says nothing by itself: hints, ids. */
  private static final Set<String> ASIDE = Set.of("urn:xmpp:hints", "urn:xmpp:sid:0");

  private record Topic(StanzaType.Kind kind, Jid from) {}

  private final Jid client;
  private final Map<Topic, Unacked> stanzas = new LinkedHashMap<>();
  private int bytes;

  /**
   * @param client its full address
   * @param held by an owner before
   */
  HeldStanzas(Jid client, Unacked... held) {
    this.client = client;
    for (Unacked one : held) {
      hold(one);
    }
  }

  /** True when the client can do without the stanza for now. */
  public boolean mayWait(Stanza stanza) {
    if (stanza.from() == null || stanza.from().bare().equals(client.bare())) {
      return false;
    }
    return switch (stanza.type()) {
      case PRESENCE_AVAILABLE, PRESENCE_UNAVAILABLE -> !isAboutClient(stanza.payload());
      case MESSAGE_CHAT, MESSAGE_NORMAL, MESSAGE_GROUPCHAT -> isChatState(stanza.payload());
      default -> false;
    };
  }

  /** What a room says of the client's own part in it (XEP-0045, section 7.2.2): status 110. */
  private static boolean isAboutClient(Payload payload) {
    Element user = payload.element(MUC_USER, "x");
    return user != null
        && user.children(MUC_USER, "status").stream()
            .anyMatch(status -> "110".equals(status.attribute("code")));
  }

  private static boolean isChatState(Payload payload) {
    if (!payload.hasNamespace(CHAT_STATES)) {
      return false;
    }
    for (int i = 0; i < payload.childCount(); i++) {
      String namespace = payload.namespace(i);
      boolean thread = namespace.equals(Namespaces.CLIENT) && payload.name(i).equals("thread");
      if (!thread && !namespace.equals(CHAT_STATES) && !ASIDE.contains(namespace)) {
        return false;
      }
    }
    return true;
  }

  /** Keeps a stanza; true when it takes the place of an earlier one of the same sender. */
  public boolean hold(Unacked one) {
    Topic topic = new Topic(one.stanza().kind(), one.stanza().from());
    Unacked before = stanzas.remove(topic);
    if (before != null) {
      bytes -= before.stanza().weight();
    }
    stanzas.put(topic, one); // at the end: in the order of the latest
    bytes += one.stanza().weight();
    return before != null;
  }

  public boolean isFull() {
    return stanzas.size() >= MAX_STANZAS || bytes >= MAX_BYTES;
  }

  Collection<Unacked> stanzas() {
    return Collections.unmodifiableCollection(stanzas.values());
  }

  /** Gives what is held, in its order, and holds nothing any more. */
  public List<Unacked> take() {
    List<Unacked> all = new ArrayList<>(stanzas.values());
    stanzas.clear();
    bytes = 0;
    return all;
  }
}
