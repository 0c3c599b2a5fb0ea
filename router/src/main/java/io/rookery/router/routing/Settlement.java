package io.rookery.router.routing;

/** Learns, exactly once, whether the effects of a stanza are durable. */
@FunctionalInterface
public interface Settlement {
  /** Nobody wants to know. */
  Settlement NONE = durable -> {};

  /**
   * @param durable false: they could not be made durable and the sender has not been told either
   */
  void settled(boolean durable);
}
