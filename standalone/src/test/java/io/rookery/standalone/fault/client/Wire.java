package io.rookery.standalone.fault.client;

import io.rookery.standalone.conversation.Element;
import java.net.InetSocketAddress;

/** One connection of a client. Used, and heard from, on one thread. */
interface Wire {
  void send(String xml);

  /** The next bytes are a new XML stream. */
  void restart();

  /** Drops the connection without a closing tag; {@link Listener#closed} does not follow. */
  void drop();

  /** What a connection tells. */
  interface Listener {
    /** Bytes may be sent. */
    void connected();

    /** A child of the stream's root. */
    void element(Element element);

    /** It is gone, or could not be made. */
    void closed(String why);
  }

  /** Where connections come from, and time. */
  interface Network {
    Wire connect(InetSocketAddress endpoint, Listener listener);

    void after(long millis, Runnable task);

    long nanos();
  }
}
