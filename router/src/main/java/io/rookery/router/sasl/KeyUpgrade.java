package io.rookery.router.sasl;

import static io.rookery.router.sasl.Refusal.orFailure;

import io.rookery.protocol.sasl.UpgradeTask;
import io.rookery.protocol.xml.Element;
import io.rookery.router.sasl.SaslStep.AddKeys;
import io.rookery.router.sasl.SaslStep.Continue;
import io.rookery.router.sasl.SaslStep.Failure;
import io.rookery.router.sasl.SaslStep.Success;
import io.rookery.router.sasl.SaslStep.TaskData;
import io.rookery.storage.account.Account;
import io.rookery.storage.account.ScramKeys;
import io.rookery.storage.account.ScramKeys.Hash;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * XEP-0480: SASL Upgrade Tasks, section 3: a client that has shown that it knows the password makes
 * the salted password of another hash function. That it is of the same password is its word only.
 */
public final class KeyUpgrade {
  private static final String NS = "urn:xmpp:scram-upgrade:0";

  private final SecureRandom random;
  private final int iterations;

  /**
   * @param iterations of PBKDF2 that new keys get
   */
  public KeyUpgrade(SecureRandom random, int iterations) {
    this.random = random;
    this.iterations = iterations;
  }

  /**
   * The tasks to do: those asked for whose keys the account lacks.
   *
   * @param wanted their names
   */
  public static List<UpgradeTask> due(Account account, List<String> wanted) {
    return Arrays.stream(UpgradeTask.values())
        .filter(task -> wanted.contains(task.taskName()))
        .filter(task -> !account.keys().containsKey(hash(task)))
        .toList();
  }

  private static Hash hash(UpgradeTask task) {
    return Arrays.stream(Hash.values())
        .filter(one -> one.scramName().equals(task.hash()))
        .findFirst()
        .orElseThrow();
  }

  /**
   * Does the tasks one after the other; ends with success, unless one fails.
   *
   * @param success of the exchange with a password
   */
  public SaslStep begin(Success success, Account account, List<UpgradeTask> due) {
    return next(account, success.additionalData(), due);
  }

  private SaslStep next(Account account, byte[] additional, List<UpgradeTask> due) {
    if (due.isEmpty()) {
      return new Success(account.jid(), additional);
    }
    String task = due.get(0).taskName();
    return new Continue(
        additional,
        task,
        begun ->
            task.equals(begun)
                ? salt(account, due)
                : new Failure(SaslCondition.INVALID_MECHANISM, "not the task that is to be done"));
  }

  private SaslStep salt(Account account, List<UpgradeTask> due) {
    Hash hash = hash(due.get(0));
    byte[] salt = new byte[PasswordKeys.SALT_BYTES];
    random.nextBytes(salt);
    Element data =
        Element.of(NS, "salt", Base64.getEncoder().encodeToString(salt))
            .attribute("iterations", Integer.toString(iterations));
    return new TaskData(
        data,
        answer ->
            orFailure(
                () -> {
                  ScramKeys keys = PasswordKeys.of(hash, salt, iterations, salted(hash, answer));
                  return add(account, keys, due.subList(1, due.size()));
                }));
  }

  /** Keys that are another password's by now end it: what is left would be of the old one. */
  private SaslStep add(Account account, ScramKeys keys, List<UpgradeTask> left) {
    return new AddKeys(
        account,
        keys,
        after -> after == null ? new Success(account.jid(), null) : next(after, null, left));
  }

  private static byte[] salted(Hash hash, Element answer) throws Refusal {
    if (answer == null || !answer.is(NS, "hash")) {
      throw Refusal.malformed("a hash is missing");
    }
    byte[] salted;
    try {
      salted = Base64.getDecoder().decode(answer.text().strip());
    } catch (IllegalArgumentException e) {
      throw new Refusal(SaslCondition.INCORRECT_ENCODING, null);
    }
    if (salted.length != hash.bytes()) {
      throw Refusal.malformed("not a salted password of " + hash.scramName());
    }
    return salted;
  }
}
