package io.rookery.cluster;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.wire.LoopAddress;

/** Which router's loop owns which bare address. Safe to use from every thread. */
public interface Ownership {

  /**
   * The owner of an account or room, the same on every node that has seen the same membership.
   *
   * @param address its resource does not matter
   * @return null while the cluster has no router, or this node may not act for it (it is fenced)
   */
  LoopAddress ownerOf(Jid address);
}
