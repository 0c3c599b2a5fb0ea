package io.rookery.connector.stream;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.stream.StreamError.Condition;
import io.rookery.protocol.stream.StreamException;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.xml.Element;
import io.rookery.protocol.xml.RawElement;
import io.rookery.protocol.xml.XmlWriter;

/** Resource binding (RFC 6120, section 7). */
final class AfterLogin implements Stage {

  @Override
  public void features(ClientStream stream, XmlWriter w) {
    stream.loop.features().afterLogin(w);
  }

  @Override
  public void element(ClientStream stream, RawElement element) throws StreamException {
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
    stream.awaitRouter();
    stream
        .loop
        .bus()
        .send(
            stream.loop.ownerOf(stream.account()),
            new ToRouter.Bind(stream.number, stream.account(), wanted, stream.transport.peer()));
  }

  static void bound(ClientStream stream, Jid session) {
    stream.bound(session);
    stream.become(BOUND);
    Element bind =
        Element.of(Namespaces.BIND, "bind")
            .with(Element.of(Namespaces.BIND, "jid", session.toString()));
    reply(stream, Stanza.of(StanzaType.IQ_RESULT, null, null, stream.bindId(), bind));
  }

  static void refused(ClientStream stream, StanzaError error) {
    Stanza request = Stanza.of(StanzaType.IQ_SET, null, null, stream.bindId());
    reply(stream, request.error(error));
  }

  private static void reply(ClientStream stream, Stanza reply) {
    reply.writeTo(stream.loop.writer());
    stream.loop.send(stream);
    stream.routerAnswered();
  }
}
