package io.rookery.router.extension;

import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.xml.Element;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer to an IQ request: a result or an error, and what else is to be done. Every request
 * gets exactly one.
 *
 * @param error null for a result
 * @param payload the result's child, null for an empty result
 * @param before effects performed before the reply is sent
 * @param effects performed after the reply has been sent
 */
public record IqReply(
    StanzaError error, Element payload, List<Effect> before, List<Effect> effects) {
  private static final IqReply EMPTY_RESULT = new IqReply(null, null, List.of(), List.of());

  public static IqReply result() {
    return EMPTY_RESULT;
  }

  public static IqReply result(Element element) {
    return new IqReply(null, element, List.of(), List.of());
  }

  public static IqReply error(StanzaError error) {
    return new IqReply(error, null, List.of(), List.of());
  }

  public static IqReply error(StanzaError.Condition condition) {
    return error(StanzaError.of(condition));
  }

  public IqReply with(Effect... newEffects) {
    return new IqReply(error, payload, before, List.of(newEffects));
  }

  /** The same, and more to be done after what is done already. */
  public IqReply and(List<Effect> more) {
    List<Effect> all = new ArrayList<>(effects);
    all.addAll(more);
    return new IqReply(error, payload, before, List.copyOf(all));
  }

  /** The reply is the end of these: they go first. */
  public IqReply endOf(List<? extends Effect> first) {
    return new IqReply(error, payload, List.copyOf(first), effects);
  }

  /** The answer to the request as a stanza. */
  public Stanza to(Stanza request) {
    if (error != null) {
      return request.error(error);
    }
    return payload == null ? request.result() : request.result(payload);
  }
}
