package io.rookery.router.disco;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.caps.OwnCapabilities;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/** XEP-0030: Service Discovery. What is announced is what the manifests of all extensions say. */
public final class Disco implements Extension {
  public static final String INFO = "http://jabber.org/protocol/disco#info";
  public static final String ITEMS = "http://jabber.org/protocol/disco#items";

  private static final String NAME = "Rookery";
  private static final Set<IqTarget> EVERYWHERE = EnumSet.allOf(IqTarget.class);

  /**
   * Users without accounts (XEP-0175).
   *
   * @param domains true for theirs
   * @param features true for what they can make use of: nothing else is announced there
   */
  public record Guests(Predicate<String> domains, Predicate<String> features) {
    public static final Guests NONE = new Guests(domain -> false, feature -> true);
  }

  /** What the server says of itself, at length and in short. */
  private record Server(Element info, OwnCapabilities capabilities) {
    private Server(Element info) {
      this(info, new OwnCapabilities(info));
    }
  }

  private final List<Manifest> manifests = new ArrayList<>();
  private final Guests guests;
  private final Server server;
  private final Server guestServer;

  /** Where all users have accounts. */
  public Disco(List<Extension> others) {
    this(others, Guests.NONE);
  }

  /**
   * @param others what else is announced; this extension announces itself
   */
  public Disco(List<Extension> others, Guests guests) {
    this.guests = guests;
    others.forEach(extension -> manifests.add(extension.manifest()));
    manifests.add(manifest());
    server = new Server(serverInfo(feature -> true));
    guestServer = new Server(serverInfo(guests.features()));
  }

  /** What the server says of itself in short, as the domain. */
  public OwnCapabilities capabilities(String domain) {
    return server(domain).capabilities();
  }

  private Server server(String domain) {
    return guests.domains().test(domain) ? guestServer : server;
  }

  @Override
  public Manifest manifest() {
    return Manifest.of(30, "2.5.0", "Service Discovery")
        .serverFeature(INFO)
        .serverFeature(ITEMS)
        .accountFeature(INFO)
        .accountFeature(ITEMS)
        .iq(StanzaType.IQ_GET, INFO, "query", EVERYWHERE, this::info)
        .iq(StanzaType.IQ_GET, ITEMS, "query", EVERYWHERE, this::items);
  }

  private Future<IqReply> info(IqRequest request) {
    String node = request.query().attribute("node");
    if (request.target() == IqTarget.SERVER) {
      Server asked = server(request.stanza().to().domain());
      if (node == null) {
        return Future.succeededFuture(IqReply.result(asked.info()));
      }
      if (asked.capabilities().names(node)) {
        return Future.succeededFuture(IqReply.result(asked.info().attribute("node", node)));
      }
    }
    if (node != null) {
      return ofServerNodes(request)
          .or(() -> ofAccountNodes(request))
          .orElse(Future.succeededFuture(IqReply.error(Condition.ITEM_NOT_FOUND)));
    }
    return mayAsk(request)
        ? Future.succeededFuture(IqReply.result(accountInfo(request.account())))
        : Future.succeededFuture(IqReply.error(Condition.SERVICE_UNAVAILABLE));
  }

  private Element serverInfo(Predicate<String> announced) {
    // The language is in the header of streams, too; of that, not everybody thinks in XEP-0390.
    Element identity =
        identity("server", "im").attribute("name", NAME).attribute(Namespaces.XML, "lang", "en");
    Element query = info(List.of(identity), Manifest::serverFeatures, announced);
    for (Manifest manifest : manifests) {
      query = query.with(manifest.serverForms());
    }
    return query;
  }

  private Element accountInfo(AccountView account) {
    Function<Manifest, List<String>> features = manifest -> manifest.accountFeatures(account.jid());
    if (account.isAnonymous()) {
      return info(List.of(identity("account", "anonymous")), features, guests.features());
    }
    List<Element> identities = new ArrayList<>();
    identities.add(identity("account", "registered").attribute("name", NAME));
    manifests.stream()
        .flatMap(manifest -> manifest.accountIdentities().stream())
        .forEach(other -> identities.add(identity(other.category(), other.type())));
    return info(identities, features, feature -> true);
  }

  private static Element identity(String category, String type) {
    return Element.of(INFO, "identity").attribute("category", category).attribute("type", type);
  }

  private Element info(
      List<Element> identities,
      Function<Manifest, List<String>> features,
      Predicate<String> announced) {
    Element query = Element.of(INFO, "query").with(identities);
    Set<String> names = new TreeSet<>();
    manifests.forEach(manifest -> names.addAll(features.apply(manifest)));
    names.removeIf(announced.negate());
    for (String name : names) {
      query = query.with(Element.of(INFO, "feature").attribute("var", name));
    }
    return query;
  }

  private Future<IqReply> items(IqRequest request) {
    return ofServerNodes(request)
        .or(() -> ofAccountNodes(request))
        .orElseGet(() -> noItems(request));
  }

  private static Future<IqReply> noItems(IqRequest request) {
    if (request.target() != IqTarget.SERVER && !mayAsk(request)) {
      return Future.succeededFuture(IqReply.error(Condition.SERVICE_UNAVAILABLE));
    }
    return Future.succeededFuture(IqReply.result(Element.of(ITEMS, "query")));
  }

  /** Empty when the question is not about a node of the server that somebody answers for. */
  private Optional<Future<IqReply>> ofServerNodes(IqRequest request) {
    String node = request.query().attribute("node");
    if (request.target() != IqTarget.SERVER || node == null) {
      return Optional.empty();
    }
    return manifests.stream()
        .flatMap(manifest -> manifest.serverNodes().stream())
        .filter(nodes -> nodes.nodes().test(node))
        .findFirst()
        .map(nodes -> nodes.handler().handle(request));
  }

  /** Empty when the question is not about an account, or accounts have no nodes. */
  private Optional<Future<IqReply>> ofAccountNodes(IqRequest request) {
    if (request.target() == IqTarget.SERVER) {
      return Optional.empty();
    }
    return manifests.stream()
        .map(Manifest::accountNodes)
        .filter(Objects::nonNull)
        .findFirst()
        .map(nodes -> nodes.handle(request));
  }

  /**
   * Section 8: of an account only those learn anything who may see its presence. Of one without a
   * name everybody learns that it has none (XEP-0175, section 5).
   */
  private static boolean mayAsk(IqRequest request) {
    AccountView account = request.account();
    return request.target() == IqTarget.OWN_ACCOUNT
        || account.isAnonymous() && !account.sessions().isEmpty()
        || account.allowsPresenceTo(request.from());
  }
}
