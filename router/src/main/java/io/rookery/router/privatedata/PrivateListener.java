package io.rookery.router.privatedata;

import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import io.rookery.storage.privatedata.PrivateName;
import io.vertx.core.Future;
import java.util.List;

/**
 * Learns when a client replaces one element, once that is stored and in the same turn of the
 * account. What is written by {@link PrivateElements} it does not learn: so no conversion sets off
 * another.
 */
public interface PrivateListener {

  /** Of the element. */
  PrivateName name();

  /**
   * @param before empty when there was none; so is {@code after} when there is none any more
   * @return what is to be done after the client has its reply
   */
  Future<List<Effect>> written(AccountView account, Element before, Element after);

  /**
   * A client asks for the element, and there is none; perhaps what is stored elsewhere makes it.
   */
  Future<List<Effect>> missing(AccountView account);
}
