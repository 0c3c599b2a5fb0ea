package io.rookery.k8s;

import io.rookery.connector.tls.SelfSigned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A self-signed certificate and its key in PEM files. */
record TestCertificate(Path chain, Path key) {
  private static final char[] PASSWORD = {};

  static TestCertificate make(Path directory, String name) throws IOException {
    Path chain = directory.resolve(name + ".crt");
    Path key = directory.resolve(name + ".key");
    new SelfSigned(new SecureRandom(), Clock.systemUTC()).write(List.of(name), chain, key);
    return new TestCertificate(chain, key);
  }

  /** For a server with this certificate. */
  SSLContext context() throws IOException, GeneralSecurityException {
    String base64 = Project.read(key).replaceAll("-----[A-Z ]+-----|\\s", "");
    PrivateKey secret =
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, PASSWORD);
    try (var pem = Files.newInputStream(chain)) {
      Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(pem);
      store.setKeyEntry("server", secret, PASSWORD, new Certificate[] {certificate});
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }
}
