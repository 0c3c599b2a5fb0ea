package io.rookery.standalone.cli;

/** A command that could not do what it was told; the message is for the user. */
final class CommandFailure extends Exception {
  private static final long serialVersionUID = 1L;

  CommandFailure(String message) {
    super(message);
  }
}
