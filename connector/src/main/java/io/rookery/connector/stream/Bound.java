package io.rookery.connector.stream;

import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stream.StreamException;
import io.rookery.protocol.xml.RawElement;
import io.rookery.protocol.xml.XmlWriter;

/** A bound stream: everything is for the router. */
final class Bound implements Stage {

  @Override
  public void features(ClientStream stream, XmlWriter w) {
    throw new IllegalStateException("a bound stream is never opened again");
  }

  @Override
  public void element(ClientStream stream, RawElement element) throws StreamException {
    Stanza stanza = Incoming.stanza(stream, element, stream.session());
    if (stanza != null) {
      stream.loop.metrics().stanzaIn(stanza.kind());
      stream.toRouter(stanza);
    }
  }
}
