package io.rookery.router.login;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.xml.Element;
import io.rookery.protocol.xml.XmlWriter;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.BindHandler;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.SessionView;
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
   * Does all that can be done; what nobody knows is ignored.
   *
   * @param request as XML, or null
   * @return the extensions' answers as XML, null when there are none
   */
  byte[] negotiate(AccountView account, SessionView session, byte[] request) {
    if (request == null) {
      return null;
    }
    XmlWriter answers = new XmlWriter();
    Element bind = Element.parse(request, 0, request.length, Namespaces.CLIENT);
    for (Element wish : bind.children()) {
      BindHandler handler = handlers.apply(wish);
      if (handler != null) {
        negotiate(account, session, wish, handler, answers);
      }
    }
    return answers.length() == 0 ? null : answers.toByteArray();
  }

  private void negotiate(
      AccountView account,
      SessionView session,
      Element wish,
      BindHandler handler,
      XmlWriter answers) {
    try {
      BindHandler.Answer answer = handler.bound(session, wish);
      effects.accept(account, answer.effects());
      if (answer.response() != null) {
        answers.raw(answer.response().toBytes());
      }
    } catch (RuntimeException e) {
      LOG.error("bug: {} was not enabled for {}", wish.namespace(), session.jid(), e);
    }
  }
}
