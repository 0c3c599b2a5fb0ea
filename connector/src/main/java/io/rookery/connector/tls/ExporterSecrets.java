package io.rookery.connector.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.internal.tcnative.SSLContext;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS 1.3 exporter secrets of the handshakes under way. Netty's BoringSSL binding has no
 * exporter, but hands out the lines of a key log (draft-ietf-tls-keylogfile), one of which is the
 * secret that an exporter starts from. Each stays here for the second half of its handshake only.
 */
final class ExporterSecrets {
  private static final Logger log = LoggerFactory.getLogger(ExporterSecrets.class);
  private static final byte[] PREFIX = "EXPORTER_SECRET ".getBytes(StandardCharsets.US_ASCII);

  private final Map<Long, byte[]> byConnection = new ConcurrentHashMap<>();

  private ExporterSecrets() {}

  /**
   * The secrets of all connections of a context. Netty keeps the native context to itself: the
   * field is read by reflection. Where a future Netty has none, connections have no {@code
   * tls-exporter}.
   */
  static ExporterSecrets of(ReferenceCountedOpenSslContext context) {
    ExporterSecrets secrets = new ExporterSecrets();
    try {
      Field pointer = ReferenceCountedOpenSslContext.class.getDeclaredField("ctx");
      pointer.setAccessible(true);
      SSLContext.setKeyLogCallback(pointer.getLong(context), secrets::keyLogged);
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      log.warn("No tls-exporter channel binding with this version of Netty", e);
    }
    return secrets;
  }

  /** Called by native code, which ignores what is thrown: {@code LABEL client-random secret}. */
  private void keyLogged(long connection, byte[] line) {
    for (int i = 0; i < PREFIX.length; i++) {
      if (i == line.length || line[i] != PREFIX[i]) {
        return;
      }
    }
    String text = new String(line, StandardCharsets.US_ASCII).trim();
    String secret = text.substring(text.lastIndexOf(' ') + 1);
    byConnection.put(connection, HexFormat.of().parseHex(secret));
  }

  /** Removes and returns the secret; there is none before TLS 1.3. */
  Optional<byte[]> take(long connection) {
    return Optional.ofNullable(byConnection.remove(connection));
  }

  int size() {
    return byConnection.size();
  }
}
