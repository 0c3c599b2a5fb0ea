package io.rookery.router.pubsub;

import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.AccountView;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The list of affiliations as the owner sees and changes it (XEP-0060, section 8.9). */
final class Affiliations {
  private static final int MAX = 1000;

  private Affiliations() {}

  /**
   * @param affiliations null when there is an error: then nothing changes
   */
  record Outcome(Map<Jid, Affiliation> affiliations, StanzaError error) {}

  private static Outcome error(Condition condition) {
    return new Outcome(null, StanzaError.of(condition));
  }

  static Element element(AccountView account, Node node, Element list) {
    Element all = list.with(entry(account.jid(), Affiliation.OWNER));
    for (Map.Entry<Jid, Affiliation> other : node.affiliations().entrySet()) {
      all = all.with(entry(other.getKey(), other.getValue()));
    }
    return Element.of(Pubsub.OWNER, "pubsub").with(all);
  }

  private static Element entry(Jid jid, Affiliation affiliation) {
    return Element.of(Pubsub.OWNER, "affiliation")
        .attribute("jid", jid.toString())
        .attribute("affiliation", affiliation.xmlName());
  }

  static Outcome changed(AccountView account, Node node, Element changes) {
    List<Element> entries = changes.children(Pubsub.OWNER, "affiliation");
    Map<Jid, Affiliation> affiliations = new HashMap<>(node.affiliations());
    Set<Jid> named = new HashSet<>();
    for (Element entry : entries) {
      Jid jid = jid(entry.attribute("jid"));
      if (jid == null || !named.add(jid)) {
        return error(Condition.BAD_REQUEST);
      }
      String name = entry.attribute("affiliation");
      Affiliation affiliation = Affiliation.of(name);
      if (name != null && affiliation == null) {
        return new Outcome(null, PubsubError.unsupported(name + "-affiliation"));
      }
      boolean owner = jid.equals(account.jid());
      if (affiliation != null && owner != (affiliation == Affiliation.OWNER)) {
        return error(Condition.NOT_ACCEPTABLE); // one owner, always the account
      }
      if (affiliation == Affiliation.NONE) {
        affiliations.remove(jid);
      } else if (affiliation != null && !owner) {
        affiliations.put(jid, affiliation);
      }
    }
    return affiliations.size() > MAX
        ? error(Condition.RESOURCE_CONSTRAINT)
        : new Outcome(affiliations, null);
  }

  private static Jid jid(String text) {
    try {
      return text == null ? null : Jid.parse(text).bare();
    } catch (InvalidJidException e) {
      return null;
    }
  }
}
