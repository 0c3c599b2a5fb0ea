package io.rookery.router.extension;

import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.xml.Element;
import java.util.List;

/**
 * The answer to an IQ request: a result or an error, and what else is to be done. Every request
 * gets exactly one.
 *
 * @param error null for a result
 * @param result the result's child, null for an empty result
 * @param effects performed before the reply is sent
 */
public record IqReply(StanzaError error, Element result, List<Effect> effects) {
  private static final IqReply EMPTY_RESULT = new IqReply(null, null, List.of());

  public static IqReply result() {
    return EMPTY_RESULT;
  }

  public static IqReply result(Element element) {
    return new IqReply(null, element, List.of());
  }

  public static IqReply error(StanzaError error) {
    return new IqReply(error, null, List.of());
  }

  public static IqReply error(StanzaError.Condition condition) {
    return error(StanzaError.of(condition));
  }

  public IqReply with(Effect... newEffects) {
    return new IqReply(error, result, List.of(newEffects));
  }
}
