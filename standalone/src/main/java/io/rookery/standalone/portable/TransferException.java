package io.rookery.standalone.portable;

/** An import or export that could not go on; the message is for the operator. */
public class TransferException extends Exception {
  private static final long serialVersionUID = 1L;

  TransferException(String message) {
    super(message);
  }

  TransferException(String message, Throwable cause) {
    super(message, cause);
  }
}
