package io.rookery.standalone.portable;

import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.xml.Element;
import io.rookery.router.archive.ArchivePreferences;
import io.rookery.router.blocking.BlockingCommand;
import io.rookery.router.privatedata.PrivateElements;
import io.rookery.router.privatedata.PrivateXml;
import io.rookery.router.sasl.Password;
import io.rookery.router.sasl.PasswordKeys;
import io.rookery.router.vcard.Vcard;
import io.rookery.storage.account.ScramKeys;
import io.rookery.storage.archive.ArchivePolicy;
import io.rookery.storage.blocking.BlockList;
import io.rookery.storage.privatedata.PrivateName;
import io.rookery.storage.roster.RosterItem;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** One account that comes from another server: XML to what the stores keep of it. */
final class Arrival {
  private static final int REQUEST_BYTES = 300;

  private final Jid account;
  private final ImportSettings settings;
  private final AccountStores stores;
  private final Destination destination;
  private final Optional<Password> password;
  private final Map<ScramKeys.Hash, ScramKeys> keys = new EnumMap<>(ScramKeys.Hash.class);
  private final IncomingRoster roster;
  private final IncomingNodes nodes;
  private final IncomingMessages messages;
  private final Set<Jid> blocked = new HashSet<>();
  private final Map<PrivateName, Integer> privateSizes = new HashMap<>();

  /**
   * @param password null for none
   */
  Arrival(
      Jid account,
      String password,
      ImportSettings settings,
      AccountStores stores,
      Destination destination) {
    this.account = account;
    this.settings = settings;
    this.stores = stores;
    this.destination = destination;
    this.password = password == null ? Optional.empty() : Password.of(password);
    this.roster = new IncomingRoster(settings.maxRosterItems());
    this.nodes = new IncomingNodes(account, settings.nodes(), stores.personalNodes());
    this.messages =
        new IncomingMessages(
            account,
            settings.archivedDomains().contains(account.domain()),
            stores.mailboxes(),
            settings.now());
  }

  /**
   * Takes a piece.
   *
   * @param node of items, otherwise null
   * @return null when it was taken, otherwise what is left out
   */
  String take(Part part, String node, Element element)
      throws TransferException, InterruptedException {
    return switch (part) {
      case CREDENTIALS -> credentials(element);
      case VCARD -> vcard(element);
      case SUBSCRIPTION_REQUEST -> request(element);
      case PRIVACY_LISTS -> privacyLists(element);
      case BLOCK_LIST -> blockList(element);
      case ARCHIVE_PREFERENCES -> preferences(element);
      case ROSTER_ITEM -> contact(element);
      case PRIVATE_XML -> privateXml(element);
      case OFFLINE_MESSAGE -> waiting(element);
      case ARCHIVED_MESSAGE -> archived(element);
      case NODE -> nodes.configuration(element);
      case ITEM -> nodes.item(node, element, destination);
    };
  }

  private String credentials(Element element) {
    Optional<ScramKeys> read = Credentials.read(element);
    read.ifPresent(one -> keys.put(one.hash(), one));
    return read.isPresent() ? null : "credentials for " + element.attribute("mechanism");
  }

  private String vcard(Element element) throws TransferException, InterruptedException {
    Optional<String> photo;
    try {
      photo = Vcard.photo(element);
    } catch (IllegalArgumentException e) {
      return "a vCard whose photo is not base64";
    }
    if (photo.isEmpty()) {
      return "a vCard that is too large";
    }
    String xml = element.toString();
    destination.write(xml.length(), () -> stores.vcards().put(account, xml, photo.get()));
    return null;
  }

  private String request(Element presence) {
    Optional<Stanza> request = RosterXml.request(presence, account);
    return request.isPresent() && roster.add(request.get()) ? null : "a subscription request";
  }

  private String contact(Element item) throws TransferException {
    Optional<RosterItem> read = RosterXml.item(item, account);
    if (read.isEmpty()) {
      return "a contact with the address " + item.attribute("jid");
    }
    if (!roster.add(read.get())) {
      throw new TransferException(
          "more than %d contacts (router.max-roster-items)".formatted(settings.maxRosterItems()));
    }
    return null;
  }

  /** Of privacy lists only what the other server made of a block list (XEP-0191) has a meaning. */
  private String privacyLists(Element query) {
    Element chosen = query.child(Names.PRIVACY, "default");
    boolean all = true;
    for (Element list : query.children(Names.PRIVACY, "list")) {
      boolean active =
          chosen != null
              && list.attribute("name") != null
              && list.attribute("name").equals(chosen.attribute("name"));
      for (Element item : list.children(Names.PRIVACY, "item")) {
        all &= active && isBlock(item) && block(item.attribute("value"));
      }
    }
    return all ? null : "rules of privacy lists other than to block an address";
  }

  private static boolean isBlock(Element item) {
    return "jid".equals(item.attribute("type"))
        && "deny".equals(item.attribute("action"))
        && item.children().isEmpty();
  }

  private String blockList(Element list) {
    boolean all = true;
    for (Element item : list.children(Names.BLOCKING, "item")) {
      all &= block(item.attribute("jid"));
    }
    return all ? null : "blocked addresses that are none, or too many";
  }

  private boolean block(String address) {
    try {
      if (address == null || blocked.size() >= BlockingCommand.MAX_ADDRESSES) {
        return false;
      }
      blocked.add(Jid.parse(address));
      return true;
    } catch (InvalidJidException e) {
      return false;
    }
  }

  private String preferences(Element prefs) throws TransferException, InterruptedException {
    Optional<ArchivePolicy> policy;
    try {
      policy = ArchivePreferences.policy(prefs);
    } catch (InvalidJidException e) {
      policy = Optional.empty();
    }
    if (policy.isEmpty()
        || policy.get().always().size() + policy.get().never().size()
            > ArchivePreferences.MAX_ADDRESSES) {
      return "archive preferences";
    }
    ArchivePolicy read = policy.get();
    destination.write(REQUEST_BYTES, () -> stores.archivePolicies().put(account, read));
    return null;
  }

  private String privateXml(Element element) throws TransferException, InterruptedException {
    PrivateName name = new PrivateName(element.namespace(), element.name());
    byte[] xml = element.toBytes();
    privateSizes.put(name, xml.length);
    long bytes = privateSizes.values().stream().mapToLong(Integer::longValue).sum();
    if (!PrivateXml.isStorable(element)
        || privateSizes.size() > PrivateElements.MAX_ELEMENTS
        || bytes > PrivateElements.MAX_BYTES) {
      privateSizes.remove(name);
      return "private XML, " + element.name() + " of " + element.namespace();
    }
    destination.write(
        xml.length, () -> stores.privateData().put(account, Map.of(name, element.toString())));
    return null;
  }

  private String waiting(Element message) {
    Optional<PortableMessage> read = PortableMessage.ofWaiting(message, account);
    return read.isPresent() && messages.waiting(read.get())
        ? null
        : "an offline message: without a time, or one too many";
  }

  private String archived(Element result) throws TransferException, InterruptedException {
    Optional<PortableMessage> read = PortableMessage.ofArchive(result, account);
    if (read.isEmpty()) {
      return "an archived message that is none";
    }
    messages.archived(read.get(), destination);
    return null;
  }

  /** Whether somebody will be able to log in. */
  boolean hasCredentials() {
    return password.isPresent() || !keys.isEmpty();
  }

  /** Writes what was kept until now; the credentials last. */
  void end() throws TransferException, InterruptedException {
    List<RosterItem> contacts = roster.all();
    // Greater than that of any change before: clients must not take their copy for this one.
    long version = settings.now().toEpochMilli();
    for (RosterItem item : contacts) {
      destination.write(REQUEST_BYTES, () -> stores.rosters().put(account, item, version));
    }
    if (!blocked.isEmpty()) {
      BlockList list = new BlockList(blocked);
      destination.write(REQUEST_BYTES, () -> stores.blockLists().save(account, list));
    }
    nodes.end(destination);
    messages.end();
    destination.finish(
        existed ->
            nodes
                .trim()
                .compose(v -> messages.deliver(existed))
                .compose(v -> allKeys())
                .compose(this::admit));
  }

  private Future<Void> admit(Map<ScramKeys.Hash, ScramKeys> all) {
    return all.isEmpty()
        ? Future.succeededFuture()
        : stores.accounts().changeKeys(account, all).mapEmpty();
  }

  /** Those of a password are for all mechanisms. */
  private Future<Map<ScramKeys.Hash, ScramKeys>> allKeys() {
    if (password.isEmpty()) {
      return Future.succeededFuture(keys);
    }
    PasswordKeys deriving = new PasswordKeys(new SecureRandom(), settings.scramIterations());
    return Future.fromCompletionStage(
        CompletableFuture.supplyAsync(() -> deriving.derive(password.get())));
  }
}
