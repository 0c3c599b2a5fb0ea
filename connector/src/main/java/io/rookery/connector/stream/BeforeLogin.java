package io.rookery.connector.stream;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stream.StreamError;
import io.rookery.protocol.stream.StreamError.Condition;
import io.rookery.protocol.stream.StreamException;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.xml.Element;
import io.rookery.protocol.xml.RawElement;
import io.rookery.protocol.xml.XmlWriter;
import java.util.Base64;

/** STARTTLS, SASL, registration (RFC 6120, sections 5 and 6; XEP-0388, XEP-0077, XEP-0445). */
final class BeforeLogin implements Stage {
  private static final String REGISTER = "jabber:iq:register";
  private static final String INVITATION = "urn:xmpp:pars:0";

  /** More than there are mechanisms: some clients try one after the other. */
  private static final int MAX_FAILED_LOGINS = 10;

  @Override
  public void features(ClientStream stream, XmlWriter w) {
    stream
        .loop
        .features()
        .beforeLogin(
            w, stream.domain(), stream.transport.isEncrypted(), stream.transport.bindings());
  }

  @Override
  public void element(ClientStream stream, RawElement element) throws StreamException {
    if (stream.login() != null || element.namespace().equals(Namespaces.SASL_2)) {
      ExtensibleSasl.element(stream, element);
    } else if (element.is(Namespaces.TLS, "starttls")) {
      startTls(stream);
    } else if (element.namespace().equals(Namespaces.SASL)) {
      sasl(stream, element);
    } else if (element.is(Namespaces.CLIENT, "iq")
        && (element.indexOfChild(REGISTER, "query") >= 0
            || element.indexOfChild(INVITATION, "preauth") >= 0)
        && stream.loop.features().offersLogin(stream.transport.isEncrypted())) {
      register(stream, element);
    } else {
      throw new StreamException(Condition.NOT_AUTHORIZED, "log in first");
    }
  }

  private static void startTls(ClientStream stream) throws StreamException {
    if (stream.transport.isEncrypted()) {
      StreamXml.empty(stream.loop.writer(), "failure", Namespaces.TLS);
      stream.loop.send(stream);
      stream.finish(false);
      return;
    }
    StreamXml.empty(stream.loop.writer(), "proceed", Namespaces.TLS);
    stream.loop.send(stream);
    stream.transport.flush();
    stream.transport.startTls(stream.domain());
    stream.restart();
    // What followed in the clear could be an attacker's, to be taken for the client's own.
    stream.forgetRest();
  }

  private static void sasl(ClientStream stream, RawElement element) throws StreamException {
    switch (element.name()) {
      case "auth" -> auth(stream, element);
      case "response" -> response(stream, element);
      case "abort" -> abort(stream);
      default -> throw new StreamException(Condition.UNSUPPORTED_STANZA_TYPE, null);
    }
  }

  private static void auth(ClientStream stream, RawElement element) throws StreamException {
    if (!stream.loop.features().offersLogin(stream.transport.isEncrypted())) {
      failure(stream, "encryption-required", null);
      return;
    }
    String text = element.text();
    start(stream, element.attribute("mechanism"), text.isEmpty() ? null : text);
  }

  /**
   * Begins the exchange.
   *
   * @param initial the initial response in base64, "=" for an empty one; null for none
   */
  static void start(ClientStream stream, String mechanism, String initial) throws StreamException {
    if (!stream.loop.addresses().mayLogIn(stream.transport.peer())) {
      throw new StreamException(
          Condition.POLICY_VIOLATION, "too many failed logins from your address");
    }
    byte[] decoded = initial == null ? null : decode(initial);
    if (mechanism == null || initial != null && decoded == null) {
      failure(stream, mechanism == null ? "invalid-mechanism" : "incorrect-encoding", null);
      return;
    }
    Login login = stream.login();
    stream.awaitRouter();
    stream.saslRouter = stream.loop.anyRouter(stream.number);
    stream.exchangeLost = false;
    stream
        .loop
        .bus()
        .send(
            stream.saslRouter,
            new ToRouter.SaslStart(
                stream.number,
                stream.domain(),
                mechanism,
                decoded,
                stream.transport.isEncrypted(),
                stream.transport.bindings(),
                stream.transport.peer(),
                login == null ? null : login.request()));
  }

  private static void response(ClientStream stream, RawElement element) {
    if (stream.saslRouter == null) {
      failure(stream, "malformed-request", "no exchange is going on");
    } else {
      respond(stream, element.text());
    }
  }

  /** Goes on with an exchange. */
  static void respond(ClientStream stream, String text) {
    byte[] response = decode(orEmpty(text));
    if (response == null) {
      abandon(stream);
      failure(stream, "incorrect-encoding", null);
      return;
    }
    goOn(stream, new ToRouter.SaslResponse(stream.number, response));
  }

  /** Tells the router that does the exchange what the client says. */
  static void goOn(ClientStream stream, ToRouter message) {
    if (stream.exchangeLost) {
      lost(stream);
    } else {
      stream.awaitRouter();
      stream.loop.bus().send(stream.saslRouter, message);
    }
  }

  /** The router that does the exchange is gone, which says nothing against the client. */
  static void lost(ClientStream stream) {
    stream.saslRouter = null;
    if (isTheLast(stream, "temporary-auth-failure", "try again")) {
      stream.finish(false);
    }
  }

  private static void abort(ClientStream stream) throws StreamException {
    abandon(stream);
    failure(stream, "aborted", null);
  }

  static void abandon(ClientStream stream) {
    if (stream.saslRouter != null) {
      stream.loop.bus().send(stream.saslRouter, new ToRouter.SaslAbort(stream.number));
      stream.saslRouter = null;
    }
  }

  /** Where nothing means something of length 0. */
  static String orEmpty(String text) {
    return text.isEmpty() ? "=" : text;
  }

  /** Null when it is not base64; "=" is something of length 0 (RFC 6120, section 6.4.2). */
  private static byte[] decode(String text) {
    if (text.equals("=")) {
      return new byte[0];
    }
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Tells the client that a login failed; too many of them end the stream. */
  static void failure(ClientStream stream, String condition, String text) {
    boolean over = isTheLast(stream, condition, text);
    if (wasGuess(condition, text)) {
      stream.loop.addresses().loginFailed(stream.transport.peer());
    }
    if (++stream.failedLogins >= MAX_FAILED_LOGINS) {
      stream.fail(StreamError.of(Condition.POLICY_VIOLATION, "too many failed logins"));
    } else if (over) {
      stream.finish(false);
    }
  }

  /**
   * Who tries a mechanism that does not fit, as clients do one after the other, has guessed no
   * password: that does not count against all who share the address.
   */
  private static boolean wasGuess(String condition, String text) {
    return condition.equals("not-authorized") && text == null;
  }

  /** Tells the client; true when a task has failed, and there may be no other exchange. */
  private static boolean isTheLast(ClientStream stream, String condition, String text) {
    boolean extensible = stream.login() != null;
    boolean over = extensible && stream.login().isPastSasl();
    stream.login(null);
    StreamXml.saslFailure(stream.loop.writer(), extensible, condition, text);
    stream.loop.send(stream);
    return over;
  }

  private static void register(ClientStream stream, RawElement element) throws StreamException {
    Stanza iq = Incoming.stanza(stream, element, null);
    if (iq != null && iq.type().isRequest()) {
      Element invitation = iq.payload().element(INVITATION, "preauth");
      stream.showsInvitation(invitation == null ? null : invitation.attribute("token"));
      LoopAddress router = stream.loop.anyRouter(stream.number);
      stream.awaitRouter(); // first: a router on this loop answers before send returns
      stream.registers(router, iq);
      stream
          .loop
          .bus()
          .send(
              router,
              new ToRouter.Registration(
                  stream.number,
                  stream.domain(),
                  iq,
                  stream.transport.peer(),
                  stream.invitation()));
    }
  }
}
