package io.rookery.protocol.wire;

/** Bytes from another node that are not of the wire contract. */
public final class WireFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public WireFormatException(String message) {
    super(message);
  }
}
