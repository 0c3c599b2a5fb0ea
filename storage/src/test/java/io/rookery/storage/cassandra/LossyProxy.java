package io.rookery.storage.cassandra;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes connections on to a node, and can break one instead of passing an answer back. */
final class LossyProxy implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LossyProxy.class);
  private static final int BUFFER = 64 * 1024;

  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final InetSocketAddress target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean loseNext = new AtomicBoolean();

  LossyProxy(InetSocketAddress target) throws IOException {
    this.target = target;
    start(this::accept);
  }

  InetSocketAddress address() {
    return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
  }

  /** The node does what it is asked next, but its answer is lost with the connection. */
  void loseTheNextAnswer() {
    loseNext.set(true);
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listener.accept();
      Socket server = new Socket(target.getAddress(), target.getPort());
      open.add(client);
      open.add(server);
      start(() -> pass(client, server, false));
      start(() -> pass(server, client, true));
    }
  }

  private void pass(Socket from, Socket to, boolean answers) throws IOException {
    byte[] buffer = new byte[BUFFER];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (answers && loseNext.getAndSet(false)) {
          return;
        }
        to.getOutputStream().write(buffer, 0, read);
      }
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  /** A socket that is closed under its reader is how all of this ends. */
  private static void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                LOG.debug("ended: {}", e.toString());
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
