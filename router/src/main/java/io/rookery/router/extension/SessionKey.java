package io.rookery.router.extension;

import java.util.function.Function;

/**
 * Names a value that an extension keeps with a session. The value is written with the session's
 * record, so that it survives resumption, hand-off and the loss of a node without further code.
 *
 * @param name unique among all extensions
 * @param initial what a new session has
 * @param encode to a short string
 * @param decode from that string
 */
public record SessionKey<T>(
    String name, T initial, Function<T, String> encode, Function<String, T> decode) {

  /** A flag that is off in a new session. */
  public static SessionKey<Boolean> flag(String name) {
    return new SessionKey<>(name, false, value -> value ? "1" : "0", "1"::equals);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SessionKey<?> that && name.equals(that.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }
}
