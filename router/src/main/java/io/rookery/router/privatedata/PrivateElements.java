package io.rookery.router.privatedata;

import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.AccountView;
import io.rookery.router.session.Retries;
import io.rookery.storage.privatedata.PrivateData;
import io.rookery.storage.privatedata.PrivateName;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The private elements of accounts, for those who read and change them in the account's turn. An
 * element without content is as if it had never been stored.
 */
public final class PrivateElements {
  /** Elements of one account. */
  public static final int MAX_ELEMENTS = 200;

  /** Of all elements of one account together. */
  public static final int MAX_BYTES = 1 << 20;

  private final PrivateData store;
  private final Retries retries;

  public PrivateElements(PrivateData store, Retries retries) {
    this.store = store;
    this.retries = retries;
  }

  static PrivateName name(Element element) {
    return new PrivateName(element.namespace(), element.name());
  }

  static Element empty(PrivateName name) {
    return Element.of(name.namespace(), name.name());
  }

  /** What the user has of one namespace, as XML. */
  Future<Map<PrivateName, String>> find(AccountView account, String namespace) {
    return store.find(account.jid(), namespace);
  }

  /** An empty element when there is none. */
  public Future<Element> find(AccountView account, PrivateName name) {
    return find(account, name.namespace())
        .map(found -> found.containsKey(name) ? Element.parse(found.get(name)) : empty(name));
  }

  /** Replaces elements, all or none; false when the user would have too much. */
  public Future<Boolean> put(AccountView account, Iterable<Element> elements) {
    Map<PrivateName, String> changes = new LinkedHashMap<>();
    for (Element element : elements) {
      boolean empty = element.nodes().isEmpty() && element.attributes().isEmpty();
      changes.put(name(element), empty ? "" : element.toString());
    }
    return store
        .sizes(account.jid())
        .compose(
            sizes ->
                fit(sizes, changes)
                    ? retries
                        .untilDone("put private data", () -> store.put(account.jid(), changes))
                        .map(true)
                    : Future.succeededFuture(false));
  }

  private static boolean fit(Map<PrivateName, Integer> sizes, Map<PrivateName, String> changes) {
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
    return after.size() <= MAX_ELEMENTS && bytes <= MAX_BYTES;
  }
}
