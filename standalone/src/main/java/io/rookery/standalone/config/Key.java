package io.rookery.standalone.config;

import java.util.Locale;

/**
 * One configuration key: all that binding, the environment and the reference table need to know.
 *
 * @param path its place in the file, {@code connector.timeouts.idle}
 * @param byDefault as it would be written; null when there is a rule instead, which doc gives
 * @param inStandalone the default in the role {@code standalone}
 * @param doc one sentence for the reference table
 */
record Key<T>(String path, KeyType<T> type, String byDefault, String inStandalone, String doc) {

  static <T> Key<T> of(String path, KeyType<T> type, String byDefault, String doc) {
    return new Key<>(path, type, byDefault, byDefault, doc);
  }

  /** A key that can be left out: its section decides what that means, and doc tells. */
  static <T> Key<T> optional(String path, KeyType<T> type, String doc) {
    return new Key<>(path, type, null, null, doc);
  }

  Key<T> inStandalone(String value) {
    return new Key<>(path, type, byDefault, value, doc);
  }

  /** The environment variable that overrides the file. */
  String variable() {
    return "ROOKERY_" + path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }
}
