package io.rookery.connector.tls;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What decides how a TLS connection is answered (RFC 8446, section 4.1.2).
 *
 * @param serverName of SNI (RFC 6066), or null
 * @param applicationProtocols of ALPN (RFC 7301), empty when the client sent none
 */
record ClientHello(String serverName, List<String> applicationProtocols) {
  private static final int SERVER_NAME = 0;
  private static final int ALPN = 16;
  private static final int VERSION_AND_RANDOM = 34;

  /** Reads a hello without its header. One that is malformed says nothing; TLS will refuse it. */
  static ClientHello parse(ByteBuf hello) {
    try {
      return read(hello.slice());
    } catch (IndexOutOfBoundsException e) {
      return new ClientHello(null, List.of());
    }
  }

  private static ClientHello read(ByteBuf hello) {
    hello.skipBytes(VERSION_AND_RANDOM);
    hello.skipBytes(hello.readUnsignedByte());
    hello.skipBytes(hello.readUnsignedShort());
    hello.skipBytes(hello.readUnsignedByte());
    String serverName = null;
    List<String> protocols = List.of();
    ByteBuf extensions = hello.isReadable() ? vector(hello) : hello;
    while (extensions.isReadable()) {
      int type = extensions.readUnsignedShort();
      ByteBuf data = vector(extensions);
      if (type == SERVER_NAME && data.isReadable()) {
        ByteBuf names = vector(data);
        names.skipBytes(1);
        serverName = text(vector(names));
      } else if (type == ALPN) {
        protocols = protocols(vector(data));
      }
    }
    return new ClientHello(serverName, protocols);
  }

  private static List<String> protocols(ByteBuf list) {
    List<String> protocols = new ArrayList<>();
    while (list.isReadable()) {
      protocols.add(text(list.readSlice(list.readUnsignedByte())));
    }
    return protocols;
  }

  private static ByteBuf vector(ByteBuf in) {
    return in.readSlice(in.readUnsignedShort());
  }

  private static String text(ByteBuf bytes) {
    return bytes.toString(StandardCharsets.US_ASCII);
  }
}
