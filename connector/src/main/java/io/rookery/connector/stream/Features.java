package io.rookery.connector.stream;

import io.rookery.connector.ConnectorConfig;
import io.rookery.connector.ConnectorConfig.TlsPolicy;
import io.rookery.protocol.Namespaces;
import io.rookery.protocol.sasl.ChannelBindings;
import io.rookery.protocol.sasl.Mechanism;
import io.rookery.protocol.sasl.SaslOffer;
import io.rookery.protocol.sasl.TokenMechanism;
import io.rookery.protocol.sasl.UpgradeTask;
import io.rookery.protocol.wire.BindRequest;
import io.rookery.protocol.xml.XmlWriter;

/** What a stream offers at each step (RFC 6120, section 4.3.2). */
final class Features {
  private static final String CHANNEL_BINDING = "urn:xmpp:sasl-cb:0";
  private static final String REGISTER = "http://jabber.org/features/iq-register";
  private static final String INVITED_REGISTER = "urn:xmpp:ibr-token:0";
  private static final String LIMITS = "urn:xmpp:stream-limits:0";

  private final ConnectorConfig config;

  Features(ConnectorConfig config) {
    this.config = config;
  }

  /** SASL may start: the stream is as safe as it is required to be. */
  boolean offersLogin(boolean encrypted) {
    return encrypted || config.tls() == TlsPolicy.OPTIONAL;
  }

  private boolean isAnonymous(String domain) {
    return config.anonymousDomains().contains(domain);
  }

  /**
   * @param domain the one that the stream is to
   */
  void beforeLogin(XmlWriter w, String domain, boolean encrypted, ChannelBindings bindings) {
    w.startTag("stream:features");
    if (!encrypted) {
      w.startTag("starttls").attribute("xmlns", Namespaces.TLS);
      if (config.tls() == TlsPolicy.REQUIRED) {
        w.startTag("required").endTag("required");
      }
      w.endTag("starttls");
    }
    if (offersLogin(encrypted)) {
      boolean anonymous = isAnonymous(domain);
      mechanisms(w, SaslOffer.of(encrypted, bindings, Mechanism.of(anonymous)));
      if (!anonymous) {
        registration(w);
      }
    }
    limits(
        w, config.stream().stanzaBytesBeforeLogin(), config.timeouts().negotiation().toSeconds());
    w.endTag("stream:features");
  }

  private void registration(XmlWriter w) {
    if (config.registration()) {
      StreamXml.empty(w, "register", REGISTER);
    }
    if (config.invitations()) {
      StreamXml.empty(w, "register", INVITED_REGISTER); // XEP-0445
    }
  }

  private static void mechanisms(XmlWriter w, SaslOffer offer) {
    w.startTag("mechanisms").attribute("xmlns", Namespaces.SASL);
    for (Mechanism mechanism : offer.mechanisms()) {
      w.element("mechanism", mechanism.saslName());
    }
    w.endTag("mechanisms");
    if (offer.encrypted()) {
      authentication(w, offer);
    }
    if (offer.bindsChannel()) {
      w.startTag("sasl-channel-binding").attribute("xmlns", CHANNEL_BINDING);
      for (String type : offer.bindings().types()) {
        w.startTag("channel-binding").attribute("type", type).endTag("channel-binding");
      }
      w.endTag("sasl-channel-binding");
    }
  }

  /** XEP-0388, section 2.1; only inside of TLS. */
  private static void authentication(XmlWriter w, SaslOffer offer) {
    w.startTag("authentication").attribute("xmlns", Namespaces.SASL_2);
    for (Mechanism mechanism : offer.mechanisms()) {
      w.element("mechanism", mechanism.saslName());
    }
    w.startTag("inline");
    StreamXml.empty(w, "sm", Namespaces.STREAM_MANAGEMENT);
    w.startTag("bind").attribute("xmlns", Namespaces.BIND_2).startTag("inline");
    feature(w, Namespaces.STREAM_MANAGEMENT);
    feature(w, Namespaces.CLIENT_STATE);
    BindRequest.FEATURES.forEach(name -> feature(w, name));
    w.endTag("inline").endTag("bind");
    if (!offer.isAnonymous()) {
      tokens(w, offer);
    }
    w.endTag("inline");
    if (!offer.isAnonymous()) {
      upgrades(w);
    }
    w.endTag("authentication");
  }

  private static void tokens(XmlWriter w, SaslOffer offer) {
    w.startTag("fast").attribute("xmlns", ExtensibleSasl.FAST);
    for (TokenMechanism mechanism : TokenMechanism.of(offer.bindings())) {
      w.element("mechanism", mechanism.saslName());
    }
    w.endTag("fast");
  }

  private static void upgrades(XmlWriter w) {
    for (UpgradeTask task : UpgradeTask.values()) {
      w.startTag("upgrade").attribute("xmlns", ExtensibleSasl.UPGRADE);
      w.text(task.taskName()).endTag("upgrade");
    }
  }

  private static void feature(XmlWriter w, String name) {
    w.startTag("feature").attribute("var", name).endTag("feature");
  }

  /**
   * @param more of what the router knows, as XML; null for nothing
   */
  void afterLogin(XmlWriter w, String domain, byte[] more) {
    w.startTag("stream:features");
    w.startTag("bind").attribute("xmlns", Namespaces.BIND);
    w.startTag("required").endTag("required");
    w.endTag("bind");
    w.startTag("session").attribute("xmlns", Namespaces.SESSION);
    w.startTag("optional").endTag("optional");
    w.endTag("session");
    ofSession(w, domain, false, more);
    w.endTag("stream:features");
  }

  /** On a stream that was bound inline, where no more has to be negotiated. */
  void afterBinding(XmlWriter w, String domain, boolean managed, byte[] more) {
    w.startTag("stream:features");
    ofSession(w, domain, managed, more);
    w.endTag("stream:features");
  }

  private void ofSession(XmlWriter w, String domain, boolean managed, byte[] more) {
    if (!managed) {
      StreamXml.empty(w, "sm", Namespaces.STREAM_MANAGEMENT); // XEP-0198
    }
    StreamXml.empty(w, "csi", Namespaces.CLIENT_STATE); // XEP-0352
    if (!isAnonymous(domain)) {
      StreamXml.empty(w, "ver", "urn:xmpp:features:rosterver"); // RFC 6121, section 2.6.1
      StreamXml.empty(w, "sub", "urn:xmpp:features:pre-approval"); // RFC 6121, section 3.4.1
    }
    limits(w, config.stream().stanzaBytes(), config.timeouts().idle().toSeconds());
    if (more != null) {
      w.raw(more);
    }
  }

  /** XEP-0478: what a client need not find out the hard way. */
  private static void limits(XmlWriter w, int maxBytes, long idleSeconds) {
    w.startTag("limits").attribute("xmlns", LIMITS);
    w.element("max-bytes", Integer.toString(maxBytes));
    if (idleSeconds > 0) {
      w.element("idle-seconds", Long.toString(idleSeconds));
    }
    w.endTag("limits");
  }
}
