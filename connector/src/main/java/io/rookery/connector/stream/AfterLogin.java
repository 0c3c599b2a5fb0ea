package io.rookery.connector.stream;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.stream.StreamError.Condition;
import io.rookery.protocol.stream.StreamException;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.xml.Element;
import io.rookery.protocol.xml.RawElement;
import io.rookery.protocol.xml.XmlWriter;

/** Resource binding (RFC 6120, section 7), or resuming a session instead (XEP-0198, section 5). */
final class AfterLogin implements Stage {

  @Override
  public void features(ClientStream stream, XmlWriter w) {
    stream.loop.features().afterLogin(w, stream.domain(), stream.takeFeatures());
  }

  @Override
  public void element(ClientStream stream, RawElement element) throws StreamException {
    if (element.namespace().equals(Namespaces.STREAM_MANAGEMENT)) {
      management(stream, element);
      return;
    }
    Stanza iq = Incoming.stanza(stream, element, null);
    if (iq == null) {
      return;
    }
    Element bind = iq.payload().element(Namespaces.BIND, "bind");
    if (iq.type() != StanzaType.IQ_SET || bind == null) {
      throw new StreamException(Condition.NOT_AUTHORIZED, "bind a resource first");
    }
    Element resource = bind.child(Namespaces.BIND, "resource");
    String wanted = resource == null || resource.text().isEmpty() ? null : resource.text();
    stream.bindId(iq.id());
    LoopAddress owner = stream.loop.ownerOf(stream.account());
    stream.awaitRouter();
    stream
        .loop
        .bus()
        .send(
            owner,
            new ToRouter.Bind(stream.number, stream.account(), wanted, stream.transport.peer()));
  }

  private static void management(ClientStream stream, RawElement element) throws StreamException {
    ToRouter.Resume resume =
        element.name().equals("resume")
            ? StreamManagement.resume(
                stream.number,
                stream.account(),
                element.attribute("previd"),
                element.attribute("h"),
                stream.transport.peer())
            : null;
    if (resume == null) {
      String condition =
          element.name().equals("resume") ? "bad-request" : "unexpected-request"; // not bound yet
      StreamManagement.failed(stream.loop.writer(), condition, -1);
      stream.loop.send(stream);
      return;
    }
    LoopAddress owner = stream.loop.ownerOf(stream.account());
    stream.awaitRouter();
    stream.loop.bus().send(owner, resume);
  }

  static void resumeRefused(ClientStream stream, ToConnector.ResumeRefused refused) {
    if (stream.login() != null) {
      stream.login().resumeRefused(refused);
      return;
    }
    StreamManagement.failed(stream.loop.writer(), refused.condition(), refused.handled());
    stream.loop.send(stream);
    stream.routerAnswered();
  }

  static void bound(ClientStream stream, LoopAddress owner, ToConnector.Bound bound) {
    if (stream.login() != null) {
      stream.login().bound(owner, bound);
      return;
    }
    Jid session = bound.session();
    stream.bound(owner, session);
    stream.become(BOUND);
    Element bind =
        Element.of(Namespaces.BIND, "bind")
            .with(Element.of(Namespaces.BIND, "jid", session.toString()));
    reply(stream, Stanza.of(StanzaType.IQ_RESULT, null, null, stream.bindId(), bind));
  }

  static void refused(ClientStream stream, StanzaError error) {
    if (stream.login() != null) {
      stream.login().bindRefused();
      return;
    }
    Stanza request = Stanza.of(StanzaType.IQ_SET, null, null, stream.bindId());
    reply(stream, request.error(error));
  }

  private static void reply(ClientStream stream, Stanza reply) {
    reply.writeTo(stream.loop.writer());
    stream.loop.send(stream);
    stream.routerAnswered();
  }
}
