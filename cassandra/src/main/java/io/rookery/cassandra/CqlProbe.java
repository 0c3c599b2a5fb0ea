package io.rookery.cassandra;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Asks a node for its CQL options: the one request that needs no session. */
final class CqlProbe {
  /** Native protocol version 4: request, no flags, stream 0, OPTIONS, no body. */
  private static final byte[] OPTIONS = {4, 0, 0, 0, 5, 0, 0, 0, 0};

  private static final int TIMEOUT_MILLIS = 2_000;
  private static final int OPCODE = 4;
  private static final byte SUPPORTED = 6;

  private CqlProbe() {}

  static boolean answers(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(address, TIMEOUT_MILLIS);
      socket.getOutputStream().write(OPTIONS);
      byte[] header = socket.getInputStream().readNBytes(OPTIONS.length);
      return header.length == OPTIONS.length && header[OPCODE] == SUPPORTED;
    } catch (IOException e) {
      return false;
    }
  }
}
