package io.rookery.router.disco;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.caps.OwnCapabilities;
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

/** XEP-0030: Service Discovery. What is announced is what the manifests of all extensions say. */
public final class Disco implements Extension {
  public static final String INFO = "http://jabber.org/protocol/disco#info";
  public static final String ITEMS = "http://jabber.org/protocol/disco#items";

  private static final String NAME = "Rookery";
  private static final Set<IqTarget> EVERYWHERE = EnumSet.allOf(IqTarget.class);

  private final List<Manifest> manifests = new ArrayList<>();
  private final Element serverInfo;
  private final OwnCapabilities capabilities;

  /**
   * @param others what else is announced; this extension announces itself
   */
  public Disco(List<Extension> others) {
    others.forEach(extension -> manifests.add(extension.manifest()));
    manifests.add(manifest());
    serverInfo = serverInfo();
    capabilities = new OwnCapabilities(serverInfo);
  }

  /** What the server says of itself in short. */
  public OwnCapabilities capabilities() {
    return capabilities;
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
    if (node != null && request.target() == IqTarget.SERVER && capabilities.names(node)) {
      return Future.succeededFuture(IqReply.result(serverInfo.attribute("node", node)));
    }
    if (node != null) {
      return ofServerNodes(request)
          .or(() -> ofAccountNodes(request))
          .orElse(Future.succeededFuture(IqReply.error(Condition.ITEM_NOT_FOUND)));
    }
    if (request.target() == IqTarget.SERVER) {
      return Future.succeededFuture(IqReply.result(serverInfo));
    }
    return mayAsk(request)
        ? Future.succeededFuture(IqReply.result(accountInfo(request.account().jid())))
        : Future.succeededFuture(IqReply.error(Condition.SERVICE_UNAVAILABLE));
  }

  private Element serverInfo() {
    // The language is in the header of streams, too; of that, not everybody thinks in XEP-0390.
    Element identity =
        identity("server", "im").attribute("name", NAME).attribute(Namespaces.XML, "lang", "en");
    Element query = info(List.of(identity), Manifest::serverFeatures);
    for (Manifest manifest : manifests) {
      query = query.with(manifest.serverForms());
    }
    return query;
  }

  private Element accountInfo(Jid account) {
    List<Element> identities = new ArrayList<>();
    identities.add(identity("account", "registered").attribute("name", NAME));
    manifests.stream()
        .flatMap(manifest -> manifest.accountIdentities().stream())
        .forEach(other -> identities.add(identity(other.category(), other.type())));
    return info(identities, manifest -> manifest.accountFeatures(account));
  }

  private static Element identity(String category, String type) {
    return Element.of(INFO, "identity").attribute("category", category).attribute("type", type);
  }

  private Element info(List<Element> identities, Function<Manifest, List<String>> features) {
    Element query = Element.of(INFO, "query").with(identities);
    Set<String> names = new TreeSet<>();
    manifests.forEach(manifest -> names.addAll(features.apply(manifest)));
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

  /** Section 8: of an account only those learn anything who may see its presence. */
  private static boolean mayAsk(IqRequest request) {
    return request.target() == IqTarget.OWN_ACCOUNT
        || request.account().allowsPresenceTo(request.from());
  }
}
