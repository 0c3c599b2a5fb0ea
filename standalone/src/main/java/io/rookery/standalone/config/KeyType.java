package io.rookery.standalone.config;

import java.util.Optional;

/**
 * What the value of a key may be.
 *
 * @param allowed for people, such as {@code a duration from 1s to 1h}
 */
record KeyType<T>(String allowed, Parser<T> parser) {

  /** Reads a value; empty, or an unchecked complaint of the JDK, when it is none of this type. */
  interface Parser<T> {
    Optional<T> parse(Value value);
  }

  Optional<T> parse(Value value) {
    try {
      return parser.parse(value);
    } catch (IllegalArgumentException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  KeyType<T> allowing(String text) {
    return new KeyType<>(text, parser);
  }
}
