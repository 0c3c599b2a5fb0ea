package io.rookery.protocol.sasl;

import java.util.Arrays;
import java.util.Optional;

/**
 * XEP-0480: SASL Upgrade Tasks, to add keys for a mechanism that an account lacks. There is none
 * for SHA-1, which is no step up.
 */
public enum UpgradeTask {
  SCRAM_SHA_256("SHA-256"),
  SCRAM_SHA_512("SHA-512");

  private final String hash;
  private final String taskName;

  UpgradeTask(String hash) {
    this.hash = hash;
    this.taskName = "UPGR-SCRAM-" + hash;
  }

  public static Optional<UpgradeTask> named(String taskName) {
    return Arrays.stream(values()).filter(one -> one.taskName.equals(taskName)).findFirst();
  }

  /** As clients know it, e.g. {@code UPGR-SCRAM-SHA-256}. */
  public String taskName() {
    return taskName;
  }

  /** Name of the hash function of the keys, as in {@link Mechanism#hash()}. */
  public String hash() {
    return hash;
  }
}
