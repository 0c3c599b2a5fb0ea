package io.rookery.protocol.stream;

/** What a peer sent ends its stream. No stack trace: it is an answer to a peer, not a bug. */
public final class StreamException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient StreamError error;

  public StreamException(StreamError error) {
    super(
        error.condition().xmlName() + (error.text() == null ? "" : ": " + error.text()),
        null,
        false,
        false);
    this.error = error;
  }

  public StreamException(StreamError.Condition condition, String text) {
    this(StreamError.of(condition, text));
  }

  public StreamError error() {
    return error;
  }
}
