package io.rookery.router.privatedata;

import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.rookery.storage.privatedata.PrivateData;
import io.rookery.storage.privatedata.PrivateName;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * XEP-0049: Private XML Storage. An element is kept under its name and namespace; one without
 * content is as if it had never been stored.
 */
public final class PrivateXml implements Extension {
  static final String NS = "jabber:iq:private";

  /** Elements of one account. */
  public static final int MAX_ELEMENTS = 200;

  /** Of all elements of one account together. */
  public static final int MAX_BYTES = 1 << 20;

  /** Characters of a name and of a namespace: they are parts of a key. */
  static final int MAX_NAME = 1000;

  private static final Set<IqTarget> OTHERS = EnumSet.of(IqTarget.OTHER_ACCOUNT, IqTarget.SERVER);

  private final PrivateData store;

  public PrivateXml(PrivateData store) {
    this.store = store;
  }

  @Override
  public Manifest manifest() {
    return Manifest.of(49, "1.2", "Private XML Storage")
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
    String namespace = asked.get(0).namespace();
    return request
        .account()
        .inTurn(() -> store.find(request.account().jid(), namespace))
        .map(found -> answer(asked, found));
  }

  private static IqReply answer(List<Element> asked, Map<PrivateName, String> found) {
    Element query = Element.of(NS, "query");
    for (Element one : asked) {
      String xml = found.get(name(one));
      query =
          query.with(xml == null ? Element.of(one.namespace(), one.name()) : Element.parse(xml));
    }
    return IqReply.result(query);
  }

  private Future<IqReply> set(IqRequest request) {
    List<Element> elements = request.query().children();
    Condition wrong = wrong(elements);
    if (wrong != null) {
      return refuse(wrong);
    }
    Map<PrivateName, String> changes = new LinkedHashMap<>();
    for (Element one : elements) {
      boolean empty = one.nodes().isEmpty() && one.attributes().isEmpty();
      changes.put(name(one), empty ? "" : one.toString());
    }
    return request
        .account()
        .inTurn(
            () ->
                store
                    .sizes(request.account().jid())
                    .compose(sizes -> put(request, sizes, changes)));
  }

  private Future<IqReply> put(
      IqRequest request, Map<PrivateName, Integer> sizes, Map<PrivateName, String> changes) {
    Map<PrivateName, Integer> after = new LinkedHashMap<>(sizes);
    changes.forEach(
        (name, xml) -> {
          if (xml.isEmpty()) {
            after.remove(name);
          } else {
            after.put(name, xml.getBytes(StandardCharsets.UTF_8).length);
          }
        });
    long bytes = after.values().stream().mapToLong(Integer::longValue).sum();
    if (after.size() > MAX_ELEMENTS || bytes > MAX_BYTES) {
      return refuse(Condition.POLICY_VIOLATION);
    }
    return store.put(request.account().jid(), changes).map(IqReply.result());
  }

  private static PrivateName name(Element element) {
    return new PrivateName(element.namespace(), element.name());
  }

  /** What is wrong with the elements of a request, or null. */
  private static Condition wrong(List<Element> elements) {
    if (elements.isEmpty() || elements.stream().anyMatch(e -> isReserved(e.namespace()))) {
      return Condition.NOT_ACCEPTABLE;
    }
    if (elements.stream().map(PrivateXml::name).distinct().count() < elements.size()) {
      return Condition.BAD_REQUEST; // one of them would be lost
    }
    boolean fits =
        elements.size() <= MAX_ELEMENTS
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
