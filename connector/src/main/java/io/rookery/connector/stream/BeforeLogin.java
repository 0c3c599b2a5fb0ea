package io.rookery.connector.stream;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stream.StreamError;
import io.rookery.protocol.stream.StreamError.Condition;
import io.rookery.protocol.stream.StreamException;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.xml.RawElement;
import io.rookery.protocol.xml.XmlWriter;
import java.util.Base64;

/** STARTTLS, SASL and registration (RFC 6120, sections 5 and 6; XEP-0077). */
final class BeforeLogin implements Stage {
  private static final String REGISTER = "jabber:iq:register";
  private static final int MAX_FAILED_LOGINS = 5;

  @Override
  public void features(ClientStream stream, XmlWriter w) {
    stream
        .loop
        .features()
        .beforeLogin(w, stream.transport.isEncrypted(), stream.transport.bindings());
  }

  @Override
  public void element(ClientStream stream, RawElement element) throws StreamException {
    if (element.is(Namespaces.TLS, "starttls")) {
      startTls(stream);
    } else if (element.namespace().equals(Namespaces.SASL)) {
      sasl(stream, element);
    } else if (element.is(Namespaces.CLIENT, "iq")
        && element.indexOfChild(REGISTER, "query") >= 0
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
    boolean encrypted = stream.transport.isEncrypted();
    if (!stream.loop.features().offersLogin(encrypted)) {
      failure(stream, "encryption-required", null);
      return;
    }
    if (!stream.loop.addresses().mayLogIn(stream.transport.peer())) {
      throw new StreamException(
          Condition.POLICY_VIOLATION, "too many failed logins from your address");
    }
    String mechanism = element.attribute("mechanism");
    byte[] initial = decode(element.text());
    if (mechanism == null || initial == null && !element.text().isEmpty()) {
      failure(stream, mechanism == null ? "invalid-mechanism" : "incorrect-encoding", null);
      return;
    }
    stream.awaitRouter();
    stream.saslRouter = stream.loop.anyRouter(stream.number);
    stream
        .loop
        .bus()
        .send(
            stream.saslRouter,
            new ToRouter.SaslStart(
                stream.number,
                stream.domain(),
                mechanism,
                initial,
                encrypted,
                stream.transport.bindings(),
                stream.transport.peer()));
  }

  private static void response(ClientStream stream, RawElement element) throws StreamException {
    if (stream.saslRouter == null) {
      failure(stream, "malformed-request", "no exchange is going on");
      return;
    }
    String text = element.text();
    byte[] response = text.isEmpty() ? new byte[0] : decode(text);
    if (response == null) {
      abandon(stream);
      failure(stream, "incorrect-encoding", null);
      return;
    }
    stream.awaitRouter();
    stream.loop.bus().send(stream.saslRouter, new ToRouter.SaslResponse(stream.number, response));
  }

  private static void abort(ClientStream stream) throws StreamException {
    abandon(stream);
    failure(stream, "aborted", null);
  }

  private static void abandon(ClientStream stream) {
    if (stream.saslRouter != null) {
      stream.loop.bus().send(stream.saslRouter, new ToRouter.SaslAbort(stream.number));
      stream.saslRouter = null;
    }
  }

  /** Null when there is nothing, or it is not base64; "=" is something of length 0. */
  private static byte[] decode(String text) {
    if (text.isEmpty()) {
      return null;
    }
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
    StreamXml.saslFailure(stream.loop.writer(), condition, text);
    stream.loop.send(stream);
    stream.loop.addresses().loginFailed(stream.transport.peer());
    if (++stream.failedLogins >= MAX_FAILED_LOGINS) {
      stream.fail(StreamError.of(Condition.POLICY_VIOLATION, "too many failed logins"));
    }
  }

  private static void register(ClientStream stream, RawElement element) throws StreamException {
    Stanza iq = Incoming.stanza(stream, element, null);
    if (iq != null && iq.type().isRequest()) {
      stream.awaitRouter(); // first: a router on this loop answers before send returns
      stream
          .loop
          .bus()
          .send(
              stream.loop.anyRouter(stream.number),
              new ToRouter.Registration(
                  stream.number, stream.domain(), iq, stream.transport.peer()));
    }
  }
}
