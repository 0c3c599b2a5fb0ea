package io.rookery.standalone.ops;

/** The outcome of one check. */
public sealed interface Health {
  Health UP = new Up();

  record Up() implements Health {}

  /**
   * @param reason for people, without secrets: it is served over HTTP
   */
  record Down(String reason) implements Health {}
}
