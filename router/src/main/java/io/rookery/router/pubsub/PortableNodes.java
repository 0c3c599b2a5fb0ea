package io.rookery.router.pubsub;

import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.xml.Element;
import io.rookery.storage.pubsub.StoredNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * XEP-0227: Portable Import/Export Format, section 4.10: the nodes of accounts, in files that other
 * servers have written or will read.
 */
public final class PortableNodes {
  private static final int MAX_AFFILIATIONS = 1000;

  /** Nobody but the owner: for what cannot be understood. */
  private static final List<String> CLOSED = List.of("whitelist");

  private final Limits limits;
  private final ConfigForm forms;

  public PortableNodes(Limits limits) {
    this.limits = limits;
    this.forms = new ConfigForm(limits);
  }

  /** Whether something may be the name of a node, or the id of an item. */
  public static boolean isName(String text) {
    return text != null && Node.isName(text);
  }

  /** The configuration of a node, as it is given to its owner. */
  public Element configure(StoredNode node) {
    return Element.of(Pubsub.OWNER, "configure")
        .attribute("node", node.name())
        .with(forms.form("form", ConfigForm.NODE_CONFIG, Node.of(node).config()));
  }

  /** Who is something to a node, its owner left out. */
  public Element affiliations(StoredNode node) {
    Element all = Element.of(Pubsub.OWNER, "affiliations").attribute("node", node.name());
    for (Map.Entry<Jid, String> one : node.affiliations().entrySet()) {
      all =
          all.with(
              Element.of(Pubsub.OWNER, "affiliation")
                  .attribute("jid", one.getKey().toString())
                  .attribute("affiliation", one.getValue()));
    }
    return all;
  }

  /**
   * A node of another server. Fields and values without a meaning here are left out, but never
   * those that keep others away: a node without a configuration, or with an access model that does
   * not exist here, is its owner's alone.
   *
   * @param configure null when there is none
   * @param affiliations null when there are none
   */
  public StoredNode node(String name, Element configure, Element affiliations, Jid owner) {
    return new Node(name, config(configure), affiliations(affiliations, owner), Map.of()).stored();
  }

  private NodeConfig config(Element configure) {
    Element form = configure == null ? null : configure.child(ConfigForm.FORMS, "x");
    if (form == null) {
      return NodeConfig.DEFAULT.with(ConfigField.ACCESS_MODEL, CLOSED);
    }
    NodeConfig config = NodeConfig.DEFAULT;
    for (Element element : form.children(ConfigForm.FORMS, "field")) {
      ConfigField field = ConfigField.of(element.attribute("var"));
      List<String> values =
          element.children(ConfigForm.FORMS, "value").stream().map(Element::text).toList();
      List<String> taken = field == null ? null : taken(field, values);
      config = taken == null ? config : config.with(field, taken);
    }
    return config;
  }

  private List<String> taken(ConfigField field, List<String> values) {
    List<String> canonical = field.canonical(values, limits);
    if (canonical != null) {
      return canonical;
    }
    if (field == ConfigField.ACCESS_MODEL && !values.isEmpty()) {
      return CLOSED;
    }
    boolean more = field.kind() == ConfigField.Kind.COUNT && isPositive(values);
    return more ? List.of(ConfigField.MAX) : null;
  }

  private static boolean isPositive(List<String> values) {
    return values.size() == 1 && values.get(0).strip().matches("[1-9]\\d*");
  }

  private static Map<Jid, Affiliation> affiliations(Element list, Jid owner) {
    Map<Jid, Affiliation> affiliations = new HashMap<>();
    List<Element> entries = list == null ? List.of() : list.children(Pubsub.OWNER, "affiliation");
    for (Element entry : entries) {
      Jid jid = jid(entry.attribute("jid"));
      Affiliation affiliation = Affiliation.of(entry.attribute("affiliation"));
      if (jid != null
          && !jid.equals(owner)
          && affiliation != null
          && affiliation != Affiliation.OWNER
          && affiliation != Affiliation.NONE
          && affiliations.size() < MAX_AFFILIATIONS) {
        affiliations.put(jid, affiliation);
      }
    }
    return affiliations;
  }

  private static Jid jid(String text) {
    try {
      return text == null ? null : Jid.parse(text).bare();
    } catch (InvalidJidException e) {
      return null;
    }
  }

  /** How many items a node keeps; 0 when it does not keep any. */
  public int maxItems(StoredNode node) {
    NodeConfig config = Node.of(node).config();
    return config.is(ConfigField.PERSIST_ITEMS) ? config.count(ConfigField.MAX_ITEMS, limits) : 0;
  }

  public Limits limits() {
    return limits;
  }
}
