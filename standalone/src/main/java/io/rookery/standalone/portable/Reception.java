package io.rookery.standalone.portable;

import io.rookery.protocol.xml.Element;

/** Takes what files say, account after account. */
interface Reception {

  /** Says whether what follows of this host is wanted. */
  boolean host(String jid, Where where) throws TransferException;

  /**
   * Begins an account; says whether what follows of it is wanted.
   *
   * @param password null for none
   */
  boolean begin(String host, String name, String password, Where where)
      throws TransferException, InterruptedException;

  /**
   * A piece of the account that was begun.
   *
   * @param node of items, otherwise null
   */
  void take(Part part, String node, Element element, Where where)
      throws TransferException, InterruptedException;

  /** Something nobody knows was left out. */
  void leftOut(String what, Where where);

  /** Everything of the account that was begun has been taken. */
  void end() throws TransferException, InterruptedException;
}
