package io.rookery.standalone.portable;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.xml.Element;
import io.rookery.router.archive.ArchivePreferences;
import io.rookery.storage.account.Account;
import io.rookery.storage.account.ScramKeys;
import io.rookery.storage.archive.ArchivePolicy;
import io.rookery.storage.blocking.BlockList;
import io.rookery.storage.privatedata.PrivateName;
import io.rookery.storage.pubsub.StoredNode;
import io.rookery.storage.roster.Roster;
import io.rookery.storage.roster.RosterItem;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an account has beside messages and items, read from the stores.
 *
 * @param account empty for one that is listed but not there
 * @param privateXml in the order of their names
 * @param nodes in the order of their names
 */
record Departure(
    Jid jid,
    Optional<Account> account,
    Roster roster,
    Optional<String> vcard,
    List<Element> privateXml,
    BlockList blockList,
    Optional<ArchivePolicy> archivePolicy,
    List<StoredNode> nodes) {

  static Future<Departure> read(AccountStores stores, Jid jid) {
    Future<Optional<Account>> account = stores.accounts().find(jid);
    Future<Roster> roster = stores.rosters().load(jid);
    Future<Optional<String>> vcard = stores.vcards().find(jid);
    Future<List<Element>> privateXml = privateXml(stores, jid);
    Future<BlockList> blocks = stores.blockLists().load(jid);
    Future<Optional<ArchivePolicy>> policy = stores.archivePolicies().find(jid);
    Future<List<StoredNode>> nodes = stores.personalNodes().nodes(jid);
    return Future.all(List.of(account, roster, vcard, privateXml, blocks, policy, nodes))
        .map(
            read ->
                new Departure(
                    jid,
                    account.result(),
                    roster.result(),
                    vcard.result(),
                    privateXml.result(),
                    blocks.result(),
                    policy.result(),
                    nodes.result().stream()
                        .sorted(Comparator.comparing(StoredNode::name))
                        .toList()));
  }

  private static Future<List<Element>> privateXml(AccountStores stores, Jid jid) {
    return stores
        .privateData()
        .sizes(jid)
        .compose(
            sizes -> {
              List<Future<Map<PrivateName, String>>> all =
                  sizes.keySet().stream()
                      .map(PrivateName::namespace)
                      .distinct()
                      .map(namespace -> stores.privateData().find(jid, namespace))
                      .toList();
              return Future.all(all).map(read -> elements(all));
            });
  }

  private static List<Element> elements(List<Future<Map<PrivateName, String>>> parts) {
    Map<String, String> sorted = new TreeMap<>();
    parts.forEach(
        part ->
            part.result()
                .forEach((name, xml) -> sorted.put(name.namespace() + ' ' + name.name(), xml)));
    return sorted.values().stream().map(Element::parse).toList();
  }

  /** As elements, the lists in a stable order. */
  List<Element> elements() {
    List<Element> all = new ArrayList<>();
    account.orElseThrow().keys().values().stream()
        .sorted(Comparator.comparing(ScramKeys::hash))
        .map(Credentials::element)
        .forEach(all::add);
    List<RosterItem> items =
        roster.items().values().stream().sorted(Comparator.comparing(RosterItem::contact)).toList();
    all.add(
        Element.of(Namespaces.ROSTER, "query")
            .with(items.stream().filter(item -> !item.hidden()).map(RosterXml::item).toList()));
    items.stream()
        .filter(item -> item.pendingIn() != null)
        .map(RosterXml::request)
        .forEach(all::add);
    vcard.map(Element::parse).ifPresent(all::add);
    if (!privateXml.isEmpty()) {
      all.add(Element.of(Names.PRIVATE, "query").with(privateXml));
    }
    if (!blockList.isEmpty()) {
      all.add(blocks());
    }
    archivePolicy.map(ArchivePreferences::element).ifPresent(all::add);
    return all;
  }

  private Element blocks() {
    return Element.of(Names.BLOCKING, "blocklist")
        .with(
            blockList.addresses().stream()
                .sorted()
                .map(one -> Element.of(Names.BLOCKING, "item").attribute("jid", one.toString()))
                .toList());
  }
}
