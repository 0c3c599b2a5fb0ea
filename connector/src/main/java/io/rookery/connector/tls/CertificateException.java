package io.rookery.connector.tls;

import java.nio.file.Path;

/** A certificate or key cannot be used; the message names the file and says why. */
public final class CertificateException extends Exception {
  private static final long serialVersionUID = 1L;

  CertificateException(Path file, String problem, Throwable cause) {
    super(file + ": " + problem, cause);
  }

  CertificateException(Path file, String problem) {
    this(file, problem, null);
  }
}
