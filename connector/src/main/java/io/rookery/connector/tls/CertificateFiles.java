package io.rookery.connector.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the certificate of a domain is.
 *
 * @param domain a DNS name, as U-labels or A-labels
 * @param chain PEM, the domain's certificate first, without or with its root
 * @param key PEM of an EC or RSA key that is not encrypted; may be the same file
 */
public record CertificateFiles(String domain, Path chain, Path key) {

  /** Changes whenever one of the files does. */
  String version() {
    return version(chain) + ' ' + version(key);
  }

  private static String version(Path file) {
    try {
      return Files.getLastModifiedTime(file).toMillis() + "/" + Files.size(file);
    } catch (IOException e) {
      return "unreadable";
    }
  }
}
