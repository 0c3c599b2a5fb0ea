package io.rookery.router.external;

import io.rookery.protocol.jid.Jid;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes time-limited credentials for TURN servers from a secret shared with them, as in A REST API
 * For Access To TURN Services (draft-uberti-behave-turn-rest), section 2.2; coturn's {@code
 * use-auth-secret}.
 */
final class RelayCredentials {
  private static final String PASSWORD_MAC = "HmacSHA1"; // what TURN servers expect
  private static final String NAME_MAC = "HmacSHA256";
  private static final int NAME_BYTES = 12;

  private final byte[] secret;
  private final Duration lifetime;
  private final Clock clock;

  RelayCredentials(String secret, Duration lifetime, Clock clock) {
    this.secret = secret.getBytes(StandardCharsets.UTF_8);
    this.lifetime = lifetime;
    this.clock = clock;
  }

  /** What a client authenticates with at the TURN server. */
  record Credentials(String username, String password, Instant expires) {
    @Override
    public String toString() {
      return "Credentials[" + username + "]";
    }
  }

  Credentials of(Jid account) {
    Instant expires = Instant.ofEpochSecond(clock.instant().plus(lifetime).getEpochSecond());
    String username = expires.getEpochSecond() + ":" + pseudonym(account);
    String password = Base64.getEncoder().encodeToString(mac(PASSWORD_MAC, username));
    return new Credentials(username, password, expires);
  }

  /** The same for all devices of an account, for quotas; names travel in the clear in STUN. */
  private String pseudonym(Jid account) {
    byte[] mac = mac(NAME_MAC, account.bare().toString());
    return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(mac, NAME_BYTES));
  }

  private byte[] mac(String algorithm, String text) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(secret, algorithm));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }
}
