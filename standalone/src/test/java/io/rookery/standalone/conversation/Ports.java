package io.rookery.standalone.conversation;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports for processes that are stopped and started again on them. */
public final class Ports {
  private static final int FIRST = 15_000;

  /** Outgoing connections get theirs from here on: one could take the port of a stopped process. */
  private static final int END = 32_000;

  private static final int TRIES = 1000;

  /** No port is given twice while these tests run; others that run beside them begin elsewhere. */
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(END - FIRST));

  private Ports() {}

  /** An address of loopback where nobody listens. */
  public static InetSocketAddress freeAddress() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    for (int i = 0; i < TRIES; i++) {
      int port = FIRST + NEXT.getAndIncrement() % (END - FIRST);
      if (isFree(loopback, port)) {
        return new InetSocketAddress(loopback, port);
      }
    }
    throw new IOException("no free port after " + TRIES + " tries");
  }

  private static boolean isFree(InetAddress address, int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, address)) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
