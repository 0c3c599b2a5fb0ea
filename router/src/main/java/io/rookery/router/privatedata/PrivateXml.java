package io.rookery.router.privatedata;

import io.rookery.protocol.SupportedXep;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.rookery.storage.privatedata.PrivateName;
import io.vertx.core.Future;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * XEP-0049: Private XML Storage. An element is kept under its name and namespace; one without
 * content is as if it had never been stored.
 */
public final class PrivateXml implements Extension {
  static final String NS = "jabber:iq:private";

  /** Characters of a name and of a namespace: they are parts of a key. */
  static final int MAX_NAME = 1000;

  private static final Set<IqTarget> OTHERS = EnumSet.of(IqTarget.OTHER_ACCOUNT, IqTarget.SERVER);

  private final PrivateElements elements;
  private final PrivateListener listener;

  public PrivateXml(PrivateElements elements, PrivateListener listener) {
    this.elements = elements;
    this.listener = listener;
  }

  @Override
  public Manifest manifest() {
    return Manifest.of(49, "1.2", "Private XML Storage")
        .also(SupportedXep.complete(48, "1.2", "Bookmarks", "In private storage"))
        .serverFeature(NS)
        .iq(StanzaType.IQ_GET, NS, "query", IqTarget.OWN_ACCOUNT, this::get)
        .iq(StanzaType.IQ_SET, NS, "query", IqTarget.OWN_ACCOUNT, this::set)
        .iq(StanzaType.IQ_GET, NS, "query", OTHERS, request -> refuse(Condition.FORBIDDEN))
        .iq(StanzaType.IQ_SET, NS, "query", OTHERS, request -> refuse(Condition.FORBIDDEN));
  }

  private static Future<IqReply> refuse(Condition condition) {
    return Future.succeededFuture(IqReply.error(condition));
  }

  private Future<IqReply> get(IqRequest request) {
    List<Element> asked = request.query().children();
    Condition wrong = wrong(asked);
    if (wrong == null && asked.stream().map(Element::namespace).distinct().count() > 1) {
      wrong = Condition.BAD_REQUEST; // section 3: one namespace in a get
    }
    if (wrong != null) {
      return refuse(wrong);
    }
    AccountView account = request.account();
    return account.inTurn(() -> get(account, asked));
  }

  private Future<IqReply> get(AccountView account, List<Element> asked) {
    String namespace = asked.get(0).namespace();
    boolean listened = asked.stream().map(PrivateElements::name).anyMatch(listener.name()::equals);
    return elements
        .find(account, namespace)
        .compose(
            found ->
                found.containsKey(listener.name()) || !listened
                    ? Future.succeededFuture(answer(asked, found))
                    : listener
                        .missing(account)
                        .compose(
                            made ->
                                elements
                                    .find(account, namespace)
                                    .map(now -> answer(asked, now).and(made))));
  }

  private static IqReply answer(List<Element> asked, Map<PrivateName, String> found) {
    Element query = Element.of(NS, "query");
    for (Element one : asked) {
      PrivateName name = PrivateElements.name(one);
      String xml = found.get(name);
      query = query.with(xml == null ? PrivateElements.empty(name) : Element.parse(xml));
    }
    return IqReply.result(query);
  }

  private Future<IqReply> set(IqRequest request) {
    List<Element> changes = request.query().children();
    Condition wrong = wrong(changes);
    if (wrong != null) {
      return refuse(wrong);
    }
    AccountView account = request.account();
    Optional<Element> listened =
        changes.stream().filter(e -> PrivateElements.name(e).equals(listener.name())).findFirst();
    return account.inTurn(
        () ->
            listened.isEmpty()
                ? put(account, changes)
                : elements
                    .find(account, listener.name())
                    .compose(
                        before ->
                            put(account, changes)
                                .compose(reply -> tell(account, before, listened.get(), reply))));
  }

  private Future<IqReply> put(AccountView account, List<Element> changes) {
    return elements
        .put(account, changes)
        .map(fit -> fit ? IqReply.result() : IqReply.error(Condition.POLICY_VIOLATION));
  }

  private Future<IqReply> tell(AccountView account, Element before, Element after, IqReply reply) {
    return reply.error() != null
        ? Future.succeededFuture(reply)
        : listener.written(account, before, after).map(reply::and);
  }

  /** What is wrong with the elements of a request, or null. */
  private static Condition wrong(List<Element> elements) {
    if (elements.isEmpty() || elements.stream().anyMatch(e -> isReserved(e.namespace()))) {
      return Condition.NOT_ACCEPTABLE;
    }
    if (elements.stream().map(PrivateElements::name).distinct().count() < elements.size()) {
      return Condition.BAD_REQUEST; // one of them would be lost
    }
    boolean fits =
        elements.size() <= PrivateElements.MAX_ELEMENTS
            && elements.stream()
                .allMatch(e -> e.name().length() + e.namespace().length() <= MAX_NAME);
    return fits ? null : Condition.POLICY_VIOLATION;
  }

  /** Whether clients could store the element, as far as its name tells. */
  public static boolean isStorable(Element element) {
    return wrong(List.of(element)) == null;
  }

  private static boolean isReserved(String namespace) {
    return namespace.isEmpty()
        || namespace.startsWith("jabber:")
        || namespace.startsWith("http://jabber.org/")
        || namespace.equals("vcard-temp");
  }
}
