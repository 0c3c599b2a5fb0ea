package io.rookery.router.external;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.RouterConfig;
import io.rookery.router.RouterConfig.ExternalService;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * XEP-0215: External Service Discovery, of the STUN and TURN servers in the configuration, for
 * users of the domains served. TURN servers come with credentials made for the user. The list is
 * the same while a router runs, so nothing is pushed.
 */
public final class ExternalServices implements Extension {
  static final String NS = "urn:xmpp:extdisco:2";

  private final List<ExternalService> services;
  private final Set<String> domains;
  private final RelayCredentials credentials;

  /**
   * @param domains whose users may ask
   */
  public ExternalServices(RouterConfig.ExternalServices config, Set<String> domains, Clock clock) {
    this.services = config.services();
    this.domains = Set.copyOf(domains);
    this.credentials = new RelayCredentials(config.turnSecret(), config.turnLifetime(), clock);
  }

  @Override
  public Manifest manifest() {
    Manifest manifest =
        Manifest.of(215, "1.0.0", "External Service Discovery").note("STUN and TURN servers");
    return services.isEmpty()
        ? manifest
        : manifest
            .serverFeature(NS)
            .iq(StanzaType.IQ_GET, NS, "services", IqTarget.SERVER, this::services)
            .iq(StanzaType.IQ_GET, NS, "credentials", IqTarget.SERVER, this::credentials);
  }

  /** Sections 3.1 and 3.2. */
  private Future<IqReply> services(IqRequest request) {
    if (!isOurs(request.from())) {
      return error(Condition.FORBIDDEN);
    }
    String type = request.query().attribute("type");
    Element reply = Element.of(NS, "services").attribute("type", type);
    Stream<Element> wanted =
        services.stream()
            .filter(service -> type == null || type.equals(service.type().xmlName()))
            .map(service -> described(service, request.from()));
    return Future.succeededFuture(IqReply.result(reply.with(wanted.toList())));
  }

  /** Section 3.3. */
  private Future<IqReply> credentials(IqRequest request) {
    List<Element> asked = request.query().children(NS, "service");
    if (!isOurs(request.from())) {
      return error(Condition.FORBIDDEN);
    }
    if (asked.size() != 1
        || asked.get(0).attribute("host") == null
        || asked.get(0).attribute("type") == null) {
      return error(Condition.BAD_REQUEST);
    }
    List<Element> found =
        services.stream()
            .filter(service -> service.type().isRelay() && isMeant(asked.get(0), service))
            .map(service -> described(service, request.from()))
            .toList();
    return found.isEmpty()
        ? error(Condition.ITEM_NOT_FOUND)
        : Future.succeededFuture(IqReply.result(Element.of(NS, "credentials").with(found)));
  }

  private static boolean isMeant(Element asked, ExternalService service) {
    String port = asked.attribute("port");
    return service.host().equals(asked.attribute("host"))
        && service.type().xmlName().equals(asked.attribute("type"))
        && (port == null || port.equals(Integer.toString(service.port())));
  }

  private boolean isOurs(Jid user) {
    return !user.isDomain() && domains.contains(user.domain());
  }

  private Element described(ExternalService service, Jid user) {
    Element element =
        Element.of(NS, "service")
            .attribute("host", service.host())
            .attribute("port", Integer.toString(service.port()))
            .attribute("transport", service.transport())
            .attribute("type", service.type().xmlName());
    if (!service.type().isRelay()) {
      return element;
    }
    RelayCredentials.Credentials made = credentials.of(user);
    return element
        .attribute("restricted", "true")
        .attribute("expires", made.expires().toString())
        .attribute("username", made.username())
        .attribute("password", made.password());
  }

  private static Future<IqReply> error(Condition condition) {
    return Future.succeededFuture(IqReply.error(condition));
  }
}
