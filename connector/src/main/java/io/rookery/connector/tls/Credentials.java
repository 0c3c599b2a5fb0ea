package io.rookery.connector.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;

/** A certificate chain and the key that belongs to it, checked. */
record Credentials(List<X509Certificate> chain, PrivateKey key) {

  /** Blocking: reads the files. */
  static Credentials read(CertificateFiles files, Clock clock) throws CertificateException {
    List<X509Certificate> chain = chain(files.chain());
    PrivateKey key = key(files.key());
    Instant expiry = chain.get(0).getNotAfter().toInstant();
    if (expiry.isBefore(clock.instant())) {
      throw new CertificateException(files.chain(), "expired at " + expiry);
    }
    if (!belongs(key, chain.get(0))) {
      throw new CertificateException(files.key(), "not the key of " + files.chain());
    }
    return new Credentials(chain, key);
  }

  private static List<X509Certificate> chain(Path file) throws CertificateException {
    try (InputStream in = Files.newInputStream(file)) {
      List<X509Certificate> chain =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (chain.isEmpty()) {
        throw new CertificateException(file, "no certificate in it");
      }
      return chain;
    } catch (IOException e) {
      throw new CertificateException(file, "cannot be read", e);
    } catch (GeneralSecurityException e) {
      throw new CertificateException(file, "not a chain of certificates in PEM", e);
    }
  }

  private static PrivateKey key(Path file) throws CertificateException {
    try (Reader in = Files.newBufferedReader(file);
        PEMParser pem = new PEMParser(in)) {
      PrivateKeyInfo info = keyInfo(pem);
      if (info == null) {
        throw new CertificateException(file, "no key in it that is not encrypted");
      }
      ASN1ObjectIdentifier algorithm = info.getPrivateKeyAlgorithm().getAlgorithm();
      boolean ec = algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey);
      return KeyFactory.getInstance(ec ? "EC" : "RSA")
          .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
    } catch (IOException e) {
      throw new CertificateException(file, "cannot be read", e);
    } catch (GeneralSecurityException e) {
      throw new CertificateException(file, "not an EC or RSA key", e);
    }
  }

  /** The first key of the file; others are EC parameters, or the chain in the same file. */
  private static PrivateKeyInfo keyInfo(PEMParser pem) throws IOException {
    for (Object next = pem.readObject(); next != null; next = pem.readObject()) {
      if (next instanceof PEMKeyPair pair) {
        return pair.getPrivateKeyInfo();
      } else if (next instanceof PrivateKeyInfo info) {
        return info;
      }
    }
    return null;
  }

  private static boolean belongs(PrivateKey key, X509Certificate certificate) {
    String algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
