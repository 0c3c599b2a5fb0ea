package io.rookery.router.archive;

import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqHandler;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.rookery.router.session.ArchiveChoice;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Retries;
import io.rookery.storage.archive.ArchivePolicies;
import io.rookery.storage.archive.ArchivePolicy;
import io.rookery.storage.archive.ArchivePolicy.Others;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * XEP-0441: Message Archive Management Preferences. Where the archive of the domain is off, its
 * users cannot turn it on: {@code not-allowed}.
 */
public final class ArchivePreferences implements Extension {
  /** Addresses of both lists together. */
  public static final int MAX_ADDRESSES = 500;

  private final ArchivePolicies policies;
  private final Retries retries;
  private final Set<String> archivedDomains;

  public ArchivePreferences(
      ArchivePolicies policies, Retries retries, Set<String> archivedDomains) {
    this.policies = policies;
    this.retries = retries;
    this.archivedDomains = Set.copyOf(archivedDomains);
  }

  @Override
  public Manifest manifest() {
    IqHandler forbidden = request -> error(Condition.FORBIDDEN);
    String ns = MessageArchive.NS;
    return Manifest.of(441, "0.2.0", "Message Archive Management Preferences")
        .iq(StanzaType.IQ_GET, ns, "prefs", IqTarget.OWN_ACCOUNT, this::get)
        .iq(StanzaType.IQ_SET, ns, "prefs", IqTarget.OWN_ACCOUNT, this::set)
        .iq(StanzaType.IQ_GET, ns, "prefs", IqTarget.OTHER_ACCOUNT, forbidden)
        .iq(StanzaType.IQ_SET, ns, "prefs", IqTarget.OTHER_ACCOUNT, forbidden);
  }

  private static Future<IqReply> error(Condition condition) {
    return Future.succeededFuture(IqReply.error(condition));
  }

  private Future<IqReply> get(IqRequest request) {
    return isArchived(request)
        ? Future.succeededFuture(IqReply.result(element(choice(request).policy())))
        : error(Condition.NOT_ALLOWED);
  }

  private boolean isArchived(IqRequest request) {
    return archivedDomains.contains(request.account().jid().domain());
  }

  private static ArchiveChoice choice(IqRequest request) {
    return ((LiveAccount) request.account()).archive();
  }

  private Future<IqReply> set(IqRequest request) {
    if (!isArchived(request)) {
      return error(Condition.NOT_ALLOWED);
    }
    Element prefs = request.query();
    Optional<ArchivePolicy> read;
    try {
      read = policy(prefs);
    } catch (InvalidJidException e) {
      return error(Condition.JID_MALFORMED);
    }
    if (read.isEmpty()) {
      return error(Condition.BAD_REQUEST);
    }
    ArchivePolicy policy = read.get();
    if (policy.always().size() + policy.never().size() > MAX_ADDRESSES) {
      return error(Condition.RESOURCE_CONSTRAINT);
    }
    Jid user = request.account().jid();
    return choice(request)
        .change(
            policy,
            () -> retries.untilDone("store archive policy", () -> policies.put(user, policy)))
        .map(stored -> IqReply.result(element(policy)));
  }

  /**
   * What preferences say; empty when they have no valid default.
   *
   * @throws InvalidJidException when something in the lists is not an address
   */
  public static Optional<ArchivePolicy> policy(Element prefs) {
    return others(prefs.attribute("default"))
        .map(
            others ->
                new ArchivePolicy(others, addresses(prefs, "always"), addresses(prefs, "never")));
  }

  private static Optional<Others> others(String text) {
    return Arrays.stream(Others.values()).filter(value -> name(value).equals(text)).findFirst();
  }

  private static String name(Others others) {
    return others.name().toLowerCase(Locale.ROOT);
  }

  private static Set<Jid> addresses(Element prefs, String list) {
    Set<Jid> addresses = new TreeSet<>();
    for (Element one : prefs.children(MessageArchive.NS, list)) {
      for (Element jid : one.children(MessageArchive.NS, "jid")) {
        addresses.add(Jid.parse(jid.text().strip()));
      }
    }
    return addresses;
  }

  /** Preferences as clients see them. */
  public static Element element(ArchivePolicy policy) {
    return Element.of(MessageArchive.NS, "prefs")
        .attribute("default", name(policy.others()))
        .with(list("always", policy.always()), list("never", policy.never()));
  }

  private static Element list(String name, Set<Jid> addresses) {
    List<Element> jids =
        addresses.stream()
            .sorted()
            .map(address -> Element.of(MessageArchive.NS, "jid", address.toString()))
            .toList();
    return Element.of(MessageArchive.NS, name).with(jids);
  }
}
