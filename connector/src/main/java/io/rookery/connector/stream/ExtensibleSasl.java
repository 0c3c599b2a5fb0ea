package io.rookery.connector.stream;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.sasl.UpgradeTask;
import io.rookery.protocol.stream.StreamError.Condition;
import io.rookery.protocol.stream.StreamException;
import io.rookery.protocol.wire.BindRequest;
import io.rookery.protocol.wire.ClientDescription;
import io.rookery.protocol.wire.LoginRequest;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.xml.Element;
import io.rookery.protocol.xml.RawElement;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * XEP-0388: Extensible SASL Profile, what the client says. The exchange is that of RFC 6120; {@link
 * Login} is what comes of it.
 */
final class ExtensibleSasl {
  static final String FAST = "urn:xmpp:fast:0";
  static final String UPGRADE = "urn:xmpp:sasl:upgrade:0";

  private static final Pattern UUID =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  private ExtensibleSasl() {}

  /** An element of this namespace, or any while such a login is under way. */
  static void element(ClientStream stream, RawElement element) throws StreamException {
    boolean underWay = stream.login() != null;
    if (!underWay && element.is(Namespaces.SASL_2, "authenticate")) {
      authenticate(stream, element);
    } else if (underWay && element.is(Namespaces.SASL_2, stream.login().expected())) {
      goOn(stream, element);
    } else if (underWay && element.is(Namespaces.SASL_2, "abort")) {
      BeforeLogin.abandon(stream);
      BeforeLogin.failure(stream, "aborted", null);
    } else {
      // Section 2.4: nothing else may come now.
      throw new StreamException(
          Condition.NOT_AUTHORIZED, underWay ? "a login is under way" : "log in first");
    }
  }

  private static void goOn(ClientStream stream, RawElement element) {
    switch (element.name()) {
      case Login.NEXT ->
          BeforeLogin.goOn(stream, new ToRouter.SaslNext(stream.number, element.attribute("task")));
      case Login.TASK_DATA ->
          BeforeLogin.goOn(
              stream,
              new ToRouter.SaslTaskResponse(
                  stream.number, element.childCount() == 0 ? null : element.child(0).toBytes()));
      default -> BeforeLogin.respond(stream, element.text().strip());
    }
  }

  private static void authenticate(ClientStream stream, RawElement element) throws StreamException {
    Element authenticate = element.toElement();
    String client = client(authenticate);
    stream.login(login(stream, authenticate, client));
    if (!stream.transport.isEncrypted()) {
      BeforeLogin.failure(stream, "encryption-required", null); // section 3
    } else if (client == null
        && authenticate.child(Namespaces.SASL_2, "user-agent") != null
        && id(authenticate) != null) {
      BeforeLogin.failure(stream, "malformed-request", "the id of a user agent is a UUID");
    } else {
      Element initial = authenticate.child(Namespaces.SASL_2, "initial-response");
      BeforeLogin.start(
          stream,
          authenticate.attribute("mechanism"),
          initial == null ? null : BeforeLogin.orEmpty(initial.text().strip()));
    }
  }

  private static String id(Element authenticate) {
    Element agent = authenticate.child(Namespaces.SASL_2, "user-agent");
    return agent == null ? null : agent.attribute("id");
  }

  /** Null when there is none, or none of the right form. */
  private static String client(Element authenticate) {
    String id = id(authenticate);
    return id != null && UUID.matcher(id).matches() ? id.toLowerCase(Locale.ROOT) : null;
  }

  private static Login login(ClientStream stream, Element authenticate, String client) {
    Element fast = authenticate.child(FAST, "fast");
    Element wanted = authenticate.child(FAST, "request-token");
    Element resume = authenticate.child(Namespaces.STREAM_MANAGEMENT, "resume");
    Element bind = authenticate.child(Namespaces.BIND_2, "bind");
    return new Login(
        stream,
        new LoginRequest(
            stream.claimed(),
            client,
            fast != null,
            fast == null ? 0 : count(fast.attribute("count")),
            fast != null && isTrue(fast.attribute("invalidate")),
            wanted == null ? null : wanted.attribute("mechanism"),
            upgrades(authenticate)),
        resume == null
            ? null
            : new Login.ResumeRequest(resume.attribute("previd"), resume.attribute("h")),
        bind == null ? null : bind(bind, client, description(authenticate, fast != null)),
        bind != null && bind.child(Namespaces.CLIENT_STATE, "inactive") != null);
  }

  /** XEP-0480, section 2.2; what is not known here is not asked for further on. */
  private static List<String> upgrades(Element authenticate) {
    return authenticate.children(UPGRADE, "upgrade").stream()
        .map(upgrade -> upgrade.text().strip())
        .filter(name -> UpgradeTask.named(name).isPresent())
        .distinct()
        .toList();
  }

  private static ClientDescription description(Element authenticate, boolean byToken) {
    Element agent = authenticate.child(Namespaces.SASL_2, "user-agent");
    return new ClientDescription(text(agent, "software"), text(agent, "device"), byToken);
  }

  /** Null for none. */
  private static String text(Element agent, String name) {
    Element child = agent == null ? null : agent.child(Namespaces.SASL_2, name);
    String text = child == null ? "" : child.text().strip();
    int end = Math.min(text.length(), ClientDescription.MAX_CHARS);
    if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return end == 0 ? null : text.substring(0, end);
  }

  /** XEP-0386, section 3.2. */
  private static BindRequest bind(Element bind, String client, ClientDescription description) {
    Element tag = bind.child(Namespaces.BIND_2, "tag");
    Element enable = bind.child(Namespaces.STREAM_MANAGEMENT, "enable");
    boolean features =
        bind.children().stream()
            .anyMatch(
                child ->
                    !child.namespace().equals(Namespaces.BIND_2)
                        && !child.namespace().equals(Namespaces.STREAM_MANAGEMENT)
                        && !child.namespace().equals(Namespaces.CLIENT_STATE));
    return new BindRequest(
        tag == null || tag.text().isEmpty() ? null : tag.text(),
        client,
        enable != null,
        enable != null && isTrue(enable.attribute("resume")),
        enable == null ? 0 : StreamManagement.seconds(enable.attribute("max")),
        features ? bind.toBytes() : null,
        description);
  }

  static boolean isTrue(String value) {
    return "true".equals(value) || "1".equals(value);
  }

  /** -1 for what is no positive number, which no token is good for. */
  private static long count(String text) {
    if (text == null) {
      return 0;
    }
    try {
      long count = Integer.parseInt(text);
      return count > 0 ? count : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
