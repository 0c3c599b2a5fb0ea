package io.rookery.connector;

import static io.rookery.connector.StreamFeature.Step.AFTER_LOGIN;
import static io.rookery.connector.StreamFeature.Step.BEFORE_LOGIN;
import static io.rookery.connector.StreamFeature.Step.BEFORE_TLS;
import static io.rookery.connector.StreamFeature.Step.BOUND;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.SupportedXep;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A child of stream features (RFC 6120, section 4.3.2), and when it is offered: what the manifests
 * of extensions are for service discovery.
 *
 * @param steps when a stream has it
 */
public record StreamFeature(String name, String namespace, Set<Step> steps) {

  /** How far a stream has come. */
  public enum Step {
    BEFORE_TLS,
    BEFORE_LOGIN,
    AFTER_LOGIN,
    BOUND
  }

  private static final String ENTITY_CAPABILITIES = "http://jabber.org/protocol/caps";
  private static final String ENTITY_CAPABILITIES_2 = "urn:xmpp:caps";

  /** All that a connector may offer; {@code register} only where clients may make accounts. */
  public static final List<StreamFeature> ALL =
      List.of(
          of("starttls", Namespaces.TLS, BEFORE_TLS),
          of("mechanisms", Namespaces.SASL, BEFORE_LOGIN),
          of("authentication", Namespaces.SASL_2, BEFORE_LOGIN),
          of("sasl-channel-binding", "urn:xmpp:sasl-cb:0", BEFORE_LOGIN),
          of("register", "http://jabber.org/features/iq-register", BEFORE_LOGIN),
          of("register", "urn:xmpp:ibr-token:0", BEFORE_LOGIN),
          of("limits", "urn:xmpp:stream-limits:0", Step.values()),
          of("bind", Namespaces.BIND, AFTER_LOGIN),
          of("session", Namespaces.SESSION, AFTER_LOGIN),
          of("sm", Namespaces.STREAM_MANAGEMENT, AFTER_LOGIN, BOUND),
          of("csi", Namespaces.CLIENT_STATE, AFTER_LOGIN, BOUND),
          of("ver", "urn:xmpp:features:rosterver", AFTER_LOGIN, BOUND),
          of("sub", "urn:xmpp:features:pre-approval", AFTER_LOGIN, BOUND),
          of("c", ENTITY_CAPABILITIES, AFTER_LOGIN, BOUND),
          of("c", ENTITY_CAPABILITIES_2, AFTER_LOGIN, BOUND));

  /** The XEPs that connectors implement. */
  public static final List<SupportedXep> XEPS =
      List.of(
          SupportedXep.complete(
              198, "1.6.3", "Stream Management", "Resumption on any node; an ack means durable"),
          SupportedXep.complete(352, "1.0.0", "Client State Indication", ""),
          SupportedXep.partial(
              368,
              "1.1.0",
              "SRV records for XMPP over TLS",
              "For clients; the records are up to the operator"),
          SupportedXep.complete(386, "1.1.0", "Bind 2", ""),
          SupportedXep.complete(388, "1.0.4", "Extensible SASL Profile", ""),
          SupportedXep.complete(440, "1.0.0", "SASL Channel-Binding Type Capability", ""),
          SupportedXep.complete(474, "0.5.0", "SASL SCRAM Downgrade Protection", ""),
          SupportedXep.partial(
              478,
              "0.1.0",
              "Stream Limits Advertisement",
              "To clients; there are no other servers"),
          SupportedXep.complete(480, "0.2.0", "SASL Upgrade Tasks", "For SCRAM"),
          SupportedXep.complete(484, "0.2.0", "Fast Authentication Streamlining Tokens", ""));

  public StreamFeature {
    steps = Set.copyOf(steps);
  }

  private static StreamFeature of(String name, String namespace, Step... steps) {
    return new StreamFeature(name, namespace, EnumSet.copyOf(List.of(steps)));
  }
}
