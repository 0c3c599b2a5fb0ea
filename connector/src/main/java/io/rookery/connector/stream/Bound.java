package io.rookery.connector.stream;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stream.StreamException;
import io.rookery.protocol.xml.RawElement;
import io.rookery.protocol.xml.XmlWriter;

/** A bound stream: stanzas are for the router, and acknowledgements between them (XEP-0198). */
final class Bound implements Stage {

  @Override
  public void features(ClientStream stream, XmlWriter w) {
    boolean managed = stream.management() != null;
    stream
        .loop
        .features()
        .afterBinding(w, stream.domain(), managed, stream.takeFeatures()); // XEP-0388, section 2.6
  }

  @Override
  public void element(ClientStream stream, RawElement element) throws StreamException {
    if (element.namespace().equals(Namespaces.STREAM_MANAGEMENT)) {
      management(stream, element);
      return;
    }
    if (element.namespace().equals(Namespaces.CLIENT_STATE)) {
      state(stream, element.name());
      return;
    }
    Stanza stanza = Incoming.stanza(stream, element, stream.session());
    if (stanza != null) {
      stream.loop.metrics().stanzaIn(stanza.kind());
      stream.toRouter(stanza, false);
    }
  }

  /** XEP-0352: not counted, not answered. */
  private static void state(ClientStream stream, String name) {
    if (name.equals("active") || name.equals("inactive")) {
      stream.clientState(name.equals("active"));
    }
  }

  private static void management(ClientStream stream, RawElement element) throws StreamException {
    StreamManagement management = stream.management();
    if (management != null && element.name().equals("r")) {
      stream.ackRequested();
    } else if (management != null && element.name().equals("a")) {
      management.acknowledged(element);
    } else if (management == null && element.name().equals("enable")) {
      stream.enable(element);
    } else {
      StreamManagement.failed(stream.loop.writer(), "unexpected-request", -1);
      stream.loop.send(stream);
    }
  }
}
