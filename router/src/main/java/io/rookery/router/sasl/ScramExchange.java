package io.rookery.router.sasl;

import static io.rookery.router.sasl.Refusal.orFailure;
import static io.rookery.router.sasl.ScramHash.hashOf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.sasl.Mechanism;
import io.rookery.protocol.sasl.SaslOffer;
import io.rookery.router.sasl.SaslStep.Challenge;
import io.rookery.router.sasl.SaslStep.NeedAccount;
import io.rookery.router.sasl.SaslStep.Success;
import io.rookery.storage.account.Account;
import io.rookery.storage.account.ScramKeys;
import io.rookery.storage.account.ScramKeys.Hash;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * SCRAM (RFC 5802, section 5; RFC 7677), with channel binding for the -PLUS mechanisms, and
 * XEP-0474: SASL SCRAM Downgrade Protection.
 */
final class ScramExchange {
  private static final Base64.Encoder BASE64 = Base64.getEncoder();

  private final Mechanism mechanism;
  private final SaslOffer offer;
  private final String domain;
  private final Supplier<String> nonces;
  private final DecoyKeys decoys;
  private final boolean protectsOffer;

  /**
   * @param protectsOffer the client is told what was offered (XEP-0474)
   */
  ScramExchange(
      Mechanism mechanism,
      SaslOffer offer,
      String domain,
      Supplier<String> nonces,
      DecoyKeys decoys,
      boolean protectsOffer) {
    this.mechanism = mechanism;
    this.offer = offer;
    this.domain = domain;
    this.nonces = nonces;
    this.decoys = decoys;
    this.protectsOffer = protectsOffer;
  }

  SaslStep first(byte[] message) throws Refusal {
    ClientFirst first = ClientFirst.parse(Identity.text(message));
    byte[] binding = expectedBinding(first);
    Jid jid = Identity.account(first.username(), domain, first.authzid());
    return new NeedAccount(jid, account -> challenge(first, binding, jid, account));
  }

  /** What the client has to repeat in its last message (RFC 5802, sections 6 and 7). */
  private byte[] expectedBinding(ClientFirst first) throws Refusal {
    if (mechanism.bindsChannel() != (first.flag() == 'p')) {
      throw Refusal.malformed("channel binding flag does not fit the mechanism");
    }
    if (first.flag() == 'y' && offer.bindsChannel()) {
      // The client did not see the -PLUS mechanisms it was offered: somebody removed them.
      throw new Refusal(SaslCondition.NOT_AUTHORIZED, "channel binding was offered");
    }
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    expected.writeBytes(first.gs2Header().getBytes(UTF_8));
    if (first.flag() == 'p') {
      byte[] data = offer.bindings().data(first.bindingType());
      if (data == null) {
        throw new Refusal(SaslCondition.NOT_AUTHORIZED, "channel binding type not offered");
      }
      expected.writeBytes(data);
    }
    return expected.toByteArray();
  }

  private SaslStep challenge(
      ClientFirst first, byte[] binding, Jid jid, Optional<Account> account) {
    ScramKeys decoy = decoys.of(jid, hashOf(mechanism));
    ScramKeys keys = account.map(a -> a.keys().get(hashOf(mechanism))).orElse(decoy);
    String nonce = first.nonce() + nonces.get();
    String serverFirst =
        "r="
            + nonce
            + (",s=" + BASE64.encodeToString(keys.salt()))
            + (",i=" + keys.iterations())
            + (protectsOffer ? ",h=" + offerHash(keys.hash()) : "");
    String signed = first.bare() + "," + serverFirst + ",";
    return new Challenge(
        serverFirst.getBytes(UTF_8),
        response ->
            orFailure(
                () -> {
                  ClientFinal last = ClientFinal.parse(Identity.text(response));
                  requireSame(last.nonce().getBytes(UTF_8), nonce.getBytes(UTF_8), "nonce");
                  requireSame(last.channelBinding(), binding, "channel binding");
                  byte[] signature = verify(keys, keys != decoy, signed, last);
                  return new Success(
                      jid, ("v=" + BASE64.encodeToString(signature)).getBytes(UTF_8));
                }));
  }

  /**
   * XEP-0474, section 6.1: a hash of the mechanisms and channel bindings that the client should
   * have seen. It is a part of what both sides sign.
   */
  private String offerHash(Hash hash) {
    String offered =
        offer.mechanisms().stream().map(Mechanism::saslName).sorted().collect(joining("\u001e"));
    if (!offer.bindings().isEmpty()) {
      offered +=
          offer.bindings().types().stream().sorted().collect(joining("\u001e", "\u001f", ""));
    }
    return BASE64.encodeToString(ScramHash.h(hash, offered.getBytes(UTF_8)));
  }

  private static void requireSame(byte[] actual, byte[] expected, String what) throws Refusal {
    if (!MessageDigest.isEqual(actual, expected)) {
      throw new Refusal(SaslCondition.NOT_AUTHORIZED, what + " does not match");
    }
  }

  /** Checks the client's proof; yields the server's signature. */
  private static byte[] verify(ScramKeys keys, boolean known, String signed, ClientFinal last)
      throws Refusal {
    Hash hash = keys.hash();
    byte[] proof = last.proof();
    if (proof.length != hash.bytes()) {
      throw Refusal.malformed("not a proof");
    }
    String authMessage = signed + last.withoutProof();
    byte[] clientKey = ScramHash.hmac(hash, keys.storedKey(), authMessage);
    for (int i = 0; i < clientKey.length; i++) {
      clientKey[i] ^= proof[i];
    }
    boolean right = MessageDigest.isEqual(ScramHash.h(hash, clientKey), keys.storedKey());
    if (!right || !known) {
      throw new Refusal(SaslCondition.NOT_AUTHORIZED, null);
    }
    return ScramHash.hmac(hash, keys.serverKey(), authMessage);
  }
}
