package io.rookery.cluster;

import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.WireMessage;

/**
 * How code on one event loop sends to any loop of any node. Messages from one loop to another
 * arrive in order and, while both nodes live, exactly once. Only to be used on its own loop.
 */
public interface Bus {

  /** The loop this bus belongs to. */
  LoopAddress self();

  void send(LoopAddress to, WireMessage message);

  /**
   * True while some node takes messages slower than they come: whoever takes input from outside
   * should stop until it is false again.
   */
  boolean congested();
}
