package io.rookery.router.vcard;

import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import io.vertx.core.Future;
import java.util.List;

/**
 * Learns of a vCard that a client has stored, in the same turn of the account. What is written by
 * {@link StoredVcards} it does not learn: so no conversion sets off another.
 */
@FunctionalInterface
public interface VcardListener {

  /**
   * @param before an empty vCard when there was none
   * @return what is to be done after the client has its reply
   */
  Future<List<Effect>> written(AccountView account, Element before, Element after);
}
