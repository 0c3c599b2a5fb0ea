package io.rookery.router.sasl;

import io.rookery.protocol.jid.Jid;
import io.rookery.router.sasl.SaslStep.Failure;
import io.rookery.router.sasl.SaslStep.NeedAccount;
import io.rookery.router.sasl.SaslStep.Success;
import io.rookery.router.sasl.SaslStep.VerifyPassword;
import io.rookery.storage.account.Account;
import io.rookery.storage.account.ScramKeys;
import io.rookery.storage.account.ScramKeys.Hash;
import java.util.List;
import java.util.Optional;

/** PLAIN (RFC 4616): {@code [authzid] NUL authcid NUL passwd}, over TLS only. */
final class PlainExchange {
  private final String domain;
  private final DecoyKeys decoys;

  PlainExchange(String domain, DecoyKeys decoys) {
    this.domain = domain;
    this.decoys = decoys;
  }

  SaslStep first(byte[] message) throws Refusal {
    String[] parts = Identity.text(message).split("\0", -1);
    if (parts.length != 3 || parts[1].isEmpty() || parts[2].isEmpty()) {
      throw Refusal.malformed("not a message of PLAIN");
    }
    Jid jid = Identity.account(parts[1], domain, parts[0]);
    Password password =
        Password.of(parts[2]).orElseThrow(() -> new Refusal(SaslCondition.NOT_AUTHORIZED, null));
    return new NeedAccount(
        jid, account -> new VerifyPassword(() -> verify(jid, password, account)));
  }

  private SaslStep verify(Jid jid, Password password, Optional<Account> account) {
    // Without an account there is as much to compute as with one.
    ScramKeys decoy = decoys.of(jid, Hash.SHA_512);
    ScramKeys keys =
        PasswordKeys.strongest(account.map(a -> a.keys().values()).orElse(List.of()), decoy);
    return PasswordKeys.matches(password, keys) && keys != decoy
        ? new Success(jid, null)
        : new Failure(SaslCondition.NOT_AUTHORIZED, null);
  }
}
