package io.rookery.bench.stream;

/**
 * What happens to the clients of a run, all on its one event loop. Elements are valid until the
 * method returns.
 */
public interface ClientHandler {
  /** Logged in: resource bound, roster received, initial presence sent. */
  default void ready(Client client) {}

  /** The connection is gone and will not be tried again. */
  default void closed(Client client) {}

  default void message(Client client, Element message) {}

  default void presence(Client client, Element presence) {}

  /** A roster result or push (RFC 6121, section 2.1). */
  default void roster(Client client, Element iq) {}

  /** The content of the answer to a request, null when it is not understood. */
  default String answer(Client client, Element request) {
    return null;
  }

  /** The answer to a request of this client, not one of its login. */
  default void reply(Client client, Element iq, String id) {}
}
