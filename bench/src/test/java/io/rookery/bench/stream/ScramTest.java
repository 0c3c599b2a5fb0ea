package io.rookery.bench.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.GeneralSecurityException;
import org.junit.jupiter.api.Test;

class ScramTest {
  private static final String SERVER_FIRST_SHA_1 =
      "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096";

  private static Scram sha1() {
    return new Scram(Mechanism.SCRAM_SHA_1, "user", "fyko+d2lbbFgONRv9qkxdawL");
  }

  /** The exchange of RFC 5802, section 5. */
  @Test
  void answersWithSha1() throws GeneralSecurityException {
    Scram scram = sha1();
    assertEquals("n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL", scram.clientFirst());
    assertFalse(scram.verify("v=rmF9pqV8S7suAoZWja4dJRkFsKQ="));
    Scram.Answer answer = scram.answer(SERVER_FIRST_SHA_1, "pencil", null);
    assertEquals(
        "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
        answer.clientFinal());
    assertTrue(scram.verify("v=rmF9pqV8S7suAoZWja4dJRkFsKQ="));
    assertFalse(scram.verify("v=rmF9pqV8S7suAoZWja4dJRkFsKU="));
  }

  /** The exchange of RFC 7677, section 3. */
  @Test
  void answersWithSha256() throws GeneralSecurityException {
    Scram scram = new Scram(Mechanism.SCRAM_SHA_256, "user", "rOprNGfwEbeRWgbNEkqO");
    Scram.Answer answer =
        scram.answer(
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
            "pencil", null);
    assertEquals(
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
            + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        answer.clientFinal());
    assertTrue(scram.verify("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
  }

  @Test
  void derivesKeysOncePerSalt() throws GeneralSecurityException {
    ScramKeys keys = sha1().answer(SERVER_FIRST_SHA_1, "pencil", null).keys();
    assertSame(keys, sha1().answer(SERVER_FIRST_SHA_1, "pencil", keys).keys());
  }

  @Test
  void refusesAChallengeForAnotherExchange() {
    String foreign = SERVER_FIRST_SHA_1.replace("r=fyko", "r=fyka");
    assertThrows(GeneralSecurityException.class, () -> sha1().answer(foreign, "pencil", null));
    assertThrows(GeneralSecurityException.class, () -> sha1().answer("e=other", "pencil", null));
  }
}
