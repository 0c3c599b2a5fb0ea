package io.rookery.router.login;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.xml.Element;
import io.rookery.protocol.xml.XmlWriter;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.BindHandler;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.SessionView;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What clients ask extensions for in the request that binds a session (XEP-0386, section 3.2). */
public final class InlineFeatures {
  private static final Logger LOG = LoggerFactory.getLogger(InlineFeatures.class);

  private final Function<Element, BindHandler> handlers;
  private final BiConsumer<AccountView, List<Effect>> effects;

  /**
   * @param handlers gives null for an element that no extension knows
   */
  public InlineFeatures(
      Function<Element, BindHandler> handlers, BiConsumer<AccountView, List<Effect>> effects) {
    this.handlers = handlers;
    this.effects = effects;
  }

  /**
   * What came of a request.
   *
   * @param answers as XML, null when there are none
   * @param effects to be {@linkplain #perform performed} when the connector knows the session
   */
  record Negotiated(byte[] answers, List<Effect> effects) {}

  /**
   * Asks the extensions; what nobody knows is ignored.
   *
   * @param request as XML, or null
   */
  Negotiated negotiate(SessionView session, byte[] request) {
    if (request == null) {
      return new Negotiated(null, List.of());
    }
    XmlWriter answers = new XmlWriter();
    List<Effect> todo = new ArrayList<>();
    Element bind = Element.parse(request, 0, request.length, Namespaces.CLIENT);
    for (Element wish : bind.children()) {
      BindHandler handler = handlers.apply(wish);
      if (handler != null) {
        negotiate(session, wish, handler, answers, todo);
      }
    }
    return new Negotiated(answers.length() == 0 ? null : answers.toByteArray(), todo);
  }

  private static void negotiate(
      SessionView session,
      Element wish,
      BindHandler handler,
      XmlWriter answers,
      List<Effect> todo) {
    try {
      BindHandler.Answer answer = handler.bound(session, wish);
      todo.addAll(answer.effects());
      if (answer.response() != null) {
        answers.raw(answer.response().toBytes());
      }
    } catch (RuntimeException e) {
      LOG.error("bug: {} was not enabled for {}", wish.namespace(), session.jid(), e);
    }
  }

  void perform(AccountView account, Negotiated negotiated) {
    if (!negotiated.effects().isEmpty()) {
      effects.accept(account, negotiated.effects());
    }
  }
}
