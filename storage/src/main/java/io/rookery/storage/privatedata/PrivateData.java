package io.rookery.storage.privatedata;

import io.rookery.protocol.jid.Jid;
import io.vertx.core.Future;
import java.util.Map;

/** XML that clients keep for themselves (XEP-0049). The caller limits how much. */
public interface PrivateData {

  /** All elements of a namespace, as XML. */
  Future<Map<PrivateName, String>> find(Jid owner, String namespace);

  /** Bytes of every element of the user. */
  Future<Map<PrivateName, Integer>> sizes(Jid owner);

  /**
   * Replaces elements; all become visible together.
   *
   * @param elements as XML; an empty text removes the element
   */
  Future<Void> put(Jid owner, Map<PrivateName, String> elements);

  /** Removes everything of the user (account removal). */
  Future<Void> delete(Jid owner);
}
