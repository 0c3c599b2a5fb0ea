package io.rookery.router.push;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.xml.Element;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** What the error of an app server means (XEP-0357, section 7.1). */
final class PublishError {
  /** The service may be away, not gone. */
  private static final Set<Condition> MAY_PASS =
      EnumSet.of(
          Condition.INTERNAL_SERVER_ERROR,
          Condition.RECIPIENT_UNAVAILABLE,
          Condition.REMOTE_SERVER_NOT_FOUND,
          Condition.REMOTE_SERVER_TIMEOUT,
          Condition.RESOURCE_CONSTRAINT,
          Condition.SERVICE_UNAVAILABLE);

  private PublishError() {}

  /** True when asking again is of no use. */
  static boolean isPermanent(Stanza answer) {
    Element error = answer.payload().element(Namespaces.CLIENT, "error");
    return error == null
        || !"wait".equals(error.attribute("type"))
            && Arrays.stream(Condition.values())
                .filter(MAY_PASS::contains)
                .noneMatch(one -> error.child(Namespaces.STANZA_ERRORS, one.xmlName()) != null);
  }
}
