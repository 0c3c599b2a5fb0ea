package io.rookery.router.extension;

import io.vertx.core.Future;

/**
 * Answers one kind of IQ request. A failed future is a technical failure and becomes {@code
 * internal-server-error}, or {@code resource-constraint} when a store is overloaded.
 */
@FunctionalInterface
public interface IqHandler {
  Future<IqReply> handle(IqRequest request);
}
