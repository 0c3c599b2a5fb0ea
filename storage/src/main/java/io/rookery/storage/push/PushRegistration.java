package io.rookery.storage.push;

import io.rookery.protocol.jid.Jid;
import java.time.Instant;

/**
 * Where one client of an account wants its notifications (XEP-0357). There is one for a service and
 * a node.
 *
 * @param service the app server
 * @param node empty for none
 * @param resource of the session that has enabled it last
 * @param client the user agent of that session (XEP-0388), empty when it did not say
 * @param options form that goes with every notification, as XML; empty for none
 * @param since when it was enabled first, in milliseconds
 */
public record PushRegistration(
    Jid service,
    String node,
    String resource,
    String client,
    String options,
    Instant since,
    PushProgress progress) {

  public boolean isAt(Jid otherService, String otherNode) {
    return service.equals(otherService) && node.equals(otherNode);
  }

  public PushRegistration with(PushProgress next) {
    return new PushRegistration(service, node, resource, client, options, since, next);
  }
}
