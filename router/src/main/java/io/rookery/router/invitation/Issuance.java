package io.rookery.router.invitation;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.invitation.Invitation;
import io.rookery.storage.invitation.Invitations;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Makes invitations. Their tokens are kept nowhere, only hashes of them. */
public final class Issuance {
  /** XEP-0445, section 4: what was begun before an invitation expires may be finished after it. */
  static final Duration GRACE = Duration.ofHours(1);

  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

  /** Of 5 random bits each. */
  private static final int TOKEN_CHARS = 26;

  private final Invitations invitations;
  private final SecureRandom random;
  private final Clock clock;
  private final Duration validity;

  /**
   * @param validity until when an invitation has to be used
   */
  public Issuance(Invitations invitations, SecureRandom random, Clock clock, Duration validity) {
    this.invitations = invitations;
    this.random = random;
    this.clock = clock;
    this.validity = validity;
  }

  /**
   * What is given to the one who is invited.
   *
   * @param uri the link
   */
  public record Issued(String uri, Instant expires) {}

  /** To a user's roster, and to the service if {@code registers}. */
  public Future<Issued> contact(Jid inviter, boolean registers) {
    String token = token();
    Invitation invitation = invitation(token, inviter, null, registers, true);
    String uri = InvitationUri.roster(inviter, token, registers);
    return put(invitation, uri).map(Optional::orElseThrow);
  }

  /**
   * To make an account.
   *
   * @param inviter a domain when its operator is
   * @param account the address, or a domain for any address there
   * @param subscribes into the inviter's roster, too
   * @return empty when the address is kept for somebody else
   */
  public Future<Optional<Issued>> account(Jid inviter, Jid account, boolean subscribes) {
    String token = token();
    Jid reserved = account.isDomain() ? null : account;
    Invitation invitation = invitation(token, inviter, reserved, true, subscribes);
    return put(invitation, InvitationUri.register(account, token));
  }

  private Invitation invitation(
      String token, Jid inviter, Jid account, boolean registers, boolean subscribes) {
    Instant expires = clock.instant().plus(validity).truncatedTo(ChronoUnit.SECONDS);
    return new Invitation(hash(token), inviter, account, registers, subscribes, expires, null);
  }

  private Future<Optional<Issued>> put(Invitation invitation, String uri) {
    return invitations
        .put(invitation, validity.plus(GRACE))
        .map(done -> done ? Optional.of(new Issued(uri, invitation.expires())) : Optional.empty());
  }

  private String token() {
    StringBuilder token = new StringBuilder(TOKEN_CHARS);
    for (int i = 0; i < TOKEN_CHARS; i++) {
      token.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return token.toString();
  }

  /** What is kept of a token. */
  public static byte[] hash(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
