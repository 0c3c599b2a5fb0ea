package io.rookery.router.sasl;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.xml.Element;
import io.rookery.storage.account.Account;
import io.rookery.storage.account.ScramKeys;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What happens next in an exchange. Steps are values: the state of the exchange is in the
 * continuation of its latest step, and dropping the step drops the exchange.
 */
public sealed interface SaslStep {

  /** Send the data as a challenge; the client's response goes to {@code then}. */
  record Challenge(byte[] data, Function<byte[], SaslStep> then) implements SaslStep {}

  /** Look up the account; what was found, or not, goes to {@code then}. */
  record NeedAccount(Jid account, Function<Optional<Account>, SaslStep> then) implements SaslStep {}

  /**
   * Run {@code check} for the next step. It blocks its thread with some 25 ms of computation: run
   * it on a worker thread, never on an event loop.
   */
  record VerifyPassword(Supplier<SaslStep> check) implements SaslStep {}

  /**
   * The client is who it says it is, and may do a task (XEP-0388, section 2.6.3): the name of the
   * one it begins, or null, goes to {@code then}.
   *
   * @param additionalData to send with it, or null for none
   */
  record Continue(byte[] additionalData, String task, Function<String, SaslStep> then)
      implements SaslStep {}

  /** Send the data for a task; the client's, an element or null, goes to {@code then}. */
  record TaskData(Element data, Function<Element, SaslStep> then) implements SaslStep {}

  /**
   * Add the keys to the account; what it is then goes to {@code then}, null when it has got other
   * keys meanwhile and these were not added.
   */
  record AddKeys(Account account, ScramKeys keys, Function<Account, SaslStep> then)
      implements SaslStep {

    /** The account with the keys. */
    public Account after() {
      Map<ScramKeys.Hash, ScramKeys> all = new EnumMap<>(ScramKeys.Hash.class);
      all.putAll(account.keys());
      all.put(keys.hash(), keys);
      return new Account(account.jid(), all, account.created());
    }
  }

  /**
   * The client is who it says it is.
   *
   * @param account its bare address
   * @param additionalData to send with the success, or null for none
   */
  record Success(Jid account, byte[] additionalData) implements SaslStep {}

  /**
   * The client may be anybody (RFC 4505).
   *
   * @param account a bare address that nobody else has, or has had
   */
  record Assigned(Jid account) implements SaslStep {}

  /**
   * The exchange is over without success.
   *
   * @param text for a human, or null; never tells whether an account exists
   */
  record Failure(SaslCondition condition, String text) implements SaslStep {}
}
