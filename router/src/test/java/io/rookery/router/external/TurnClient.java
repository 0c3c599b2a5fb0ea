package io.rookery.router.external;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** As much of a TURN client as it takes to be let in or not (RFC 5766 over TCP, RFC 5389). */
final class TurnClient {
  private static final int ALLOCATE = 0x0003;
  private static final int ALLOCATED = 0x0103;
  private static final int USERNAME = 0x0006;
  private static final int INTEGRITY = 0x0008;
  private static final int ERROR_CODE = 0x0009;
  private static final int REALM = 0x0014;
  private static final int NONCE = 0x0015;
  private static final int REQUESTED_TRANSPORT = 0x0019;
  private static final byte[] UDP = {17, 0, 0, 0};
  private static final int COOKIE = 0x2112A442;
  private static final int HEADER_BYTES = 20;
  private static final int INTEGRITY_BYTES = 24;
  private static final int TIMEOUT_MILLIS = 5000;

  /** What came back. */
  private record Answer(int type, Map<Integer, byte[]> attributes) {
    int code() {
      byte[] error = attributes.get(ERROR_CODE);
      return type == ALLOCATED ? 0 : error[2] * 100 + error[3];
    }
  }

  private TurnClient() {}

  /** What a TURN server takes for the password of that name. */
  static String password(String secret, String username) {
    try {
      return Base64.getEncoder()
          .encodeToString(hmac(secret.getBytes(UTF_8), username.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Asks for a relay address; 0 when there is one, otherwise the code of the error. */
  static int allocate(InetSocketAddress server, String username, String password)
      throws IOException, GeneralSecurityException {
    try (Socket socket = new Socket()) {
      socket.connect(server, TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      attribute(body, REQUESTED_TRANSPORT, UDP);
      Answer challenge = exchange(socket, message(body.toByteArray(), 0));
      if (challenge.code() != 401) {
        return challenge.code();
      }
      byte[] realm = challenge.attributes().get(REALM);
      attribute(body, USERNAME, username.getBytes(UTF_8));
      attribute(body, REALM, realm);
      attribute(body, NONCE, challenge.attributes().get(NONCE));
      String key = username + ":" + new String(realm, UTF_8) + ":" + password;
      byte[] signed = message(body.toByteArray(), INTEGRITY_BYTES);
      byte[] md5 = MessageDigest.getInstance("MD5").digest(key.getBytes(UTF_8));
      ByteArrayOutputStream request = new ByteArrayOutputStream();
      request.writeBytes(signed);
      attribute(request, INTEGRITY, hmac(md5, signed));
      return exchange(socket, request.toByteArray()).code();
    }
  }

  private static byte[] hmac(byte[] key, byte[] data) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec(key, "HmacSHA1"));
    return mac.doFinal(data);
  }

  private static byte[] message(byte[] body, int more) {
    byte[] transaction = new byte[12];
    new SecureRandom().nextBytes(transaction);
    return ByteBuffer.allocate(HEADER_BYTES + body.length)
        .putShort((short) ALLOCATE)
        .putShort((short) (body.length + more))
        .putInt(COOKIE)
        .put(transaction)
        .put(body)
        .array();
  }

  private static void attribute(ByteArrayOutputStream to, int type, byte[] value) {
    int padded = (value.length + 3) / 4 * 4;
    to.writeBytes(
        ByteBuffer.allocate(4 + padded)
            .putShort((short) type)
            .putShort((short) value.length)
            .put(value)
            .array());
  }

  private static Answer exchange(Socket socket, byte[] request) throws IOException {
    socket.getOutputStream().write(request);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    int type = in.readUnsignedShort();
    byte[] body = new byte[in.readUnsignedShort()];
    in.readNBytes(16);
    in.readFully(body);
    Map<Integer, byte[]> attributes = new HashMap<>();
    ByteBuffer rest = ByteBuffer.wrap(body);
    while (rest.remaining() >= 4) {
      int attribute = rest.getShort() & 0xffff;
      byte[] value = new byte[rest.getShort() & 0xffff];
      rest.get(value);
      rest.position(Math.min(rest.limit(), (rest.position() + 3) / 4 * 4));
      attributes.put(attribute, value);
    }
    return new Answer(type, attributes);
  }
}
