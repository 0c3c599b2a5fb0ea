package io.rookery.protocol.jid;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7622: the tables of section 3.5 and what follows from the rest. */
class JidTest {
  @ParameterizedTest
  @CsvSource({
    "juliet@example.com, juliet, example.com, ''",
    "juliet@example.com/foo, juliet, example.com, foo",
    "juliet@example.com/foo bar, juliet, example.com, foo bar",
    "juliet@example.com/foo@bar, juliet, example.com, foo@bar",
    "juliet@example.com/a/b@c, juliet, example.com, a/b@c",
    // Listed as no JID, but no rule says why: OpaqueString allows spaces (RFC 8265, section 4.2.1).
    "'juliet@example.com/ foo', juliet, example.com, ' foo'",
    "foo\\20bar@example.com, foo\\20bar, example.com, ''",
    "fussball@example.com, fussball, example.com, ''",
    "fu\u00dfball@example.com, fu\u00dfball, example.com, ''",
    "\u03c0@example.com, \u03c0, example.com, ''",
    "\u03a3@example.com/foo, \u03c3, example.com, foo",
    "\u03c3@example.com/foo, \u03c3, example.com, foo",
    "king@example.com/\u265a, king, example.com, \u265a",
    "example.com, '', example.com, ''",
    "example.com/foobar, '', example.com, foobar",
    "a.example.com/b@example.net, '', a.example.com, b@example.net",
    "JULIET@Example.COM/Foo, juliet, example.com, Foo",
    "juliet@example.com./x, juliet, example.com, x",
    "a+b!c#d$e%f*g=h?i^j`k{l|m}n~o@x, a+b!c#d$e%f*g=h?i^j`k{l|m}n~o, x, ''",
    "xn--bcher-kva.example, '', b\u00fccher.example, ''",
    "B\u00dcCHER.example, '', b\u00fccher.example, ''",
    "bu\u0308cher.example, '', b\u00fccher.example, ''",
    "u\u0308@x/u\u0308, \u00fc, x, \u00fc",
    "\uff41@x, a, x, ''",
    "127.0.0.1, '', 127.0.0.1, ''",
    "a@[::1]/r, a, [::1], r",
    "[2001:DB8::1], '', [2001:db8::1], ''",
    "[::ffff:1.2.3.4], '', [::ffff:1.2.3.4], ''",
  })
  void parses(String text, String local, String domain, String resource) {
    Jid jid = Jid.parse(text);
    assertEquals(local, jid.local());
    assertEquals(domain, jid.domain());
    assertEquals(resource, jid.resource());
    assertEquals(jid, Jid.parse(jid.toString()));
    assertEquals(jid.toString(), Jid.parse(jid.toString()).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"juliet\"@example.com",
        "foo bar@example.com",
        "@example.com/",
        "@example.com",
        "juliet@example.com/",
        "henry\u2163@example.com",
        "\u265a@example.com",
        "juliet@",
        "juliet@/foo",
        "/foobar",
        "",
        "@",
        "/",
        "a@b@c",
        "a&b@x",
        "a'b@x",
        "a:b@x",
        "a<b@x",
        "a>b@x",
        "\uff20@x",
        "a\u0000b@x",
        "a\u00a0b@x",
        "x/\u0007",
        "x/a\nb",
        "x/\ud800",
        "\ud800@x",
        "\udc00.x",
        "a b.example",
        "-a.example",
        "a-.example",
        "a..b",
        ".a",
        "..",
        ".",
        "a@b:5222",
        "[]",
        "[:]",
        "[1.2.3.4]",
        "[1:2]",
        "[::1%25eth0]",
        "[::1",
        "::1",
      })
  void refuses(String text) {
    assertThrows(InvalidJidException.class, () -> Jid.parse(text));
  }

  @Test
  void limitsPartsTo1023BytesOfUtf8() {
    String domain = ("a".repeat(63) + ".").repeat(15) + "a".repeat(63);
    assertEquals(1023, domain.length());
    assertEquals(domain, Jid.parse(domain).domain());
    refuses(domain + "a");
    for (String unit : new String[] {"x", "\u00fc", "\u4e00", "\ud840\udc00"}) {
      int bytes = unit.getBytes(UTF_8).length;
      String longest = unit.repeat(1023 / bytes);
      assertEquals(longest, Jid.of(null, "x", longest).resource());
      assertEquals(longest, Jid.of(longest, "x", null).local());
      refuses("x/" + longest + unit);
      refuses(longest + unit + "@x");
    }
    refuses("a".repeat(64) + ".example");
  }

  @Test
  void hasBareAndDomainAddresses() {
    Jid full = Jid.parse("romeo@example.net/orchard");
    assertTrue(full.isFull());
    assertFalse(full.isBare());
    assertFalse(full.isDomain());
    assertEquals(Jid.parse("romeo@example.net"), full.bare());
    assertSame(full.bare(), full.bare());
    assertTrue(full.bare().isBare());
    assertSame(full.bare(), full.bare().bare());
    assertEquals(Jid.parse("example.net"), full.domainJid());
    assertTrue(full.domainJid().isDomain());
    assertEquals(full, full.bare().withResource("orchard"));
    assertEquals(full, Jid.of("Romeo", "EXAMPLE.net", "orchard"));
    assertNotEquals(full, full.withResource("garden"));
    assertNotEquals(full, full.bare());
    assertTrue(Jid.parse("example.net/x").isDomain());
    assertEquals(Jid.parse("example.net"), Jid.parse("example.net/x").domainJid());
    assertThrows(InvalidJidException.class, () -> full.withResource(""));
  }

  /**
   * Preparing what is prepared changes nothing, and equal means equal text. Another {@code
   * -Djid.seed=} tries others.
   */
  @Test
  void preparationIsStable() {
    long seed = Long.getLong("jid.seed", 1);
    Random random = new Random(seed);
    int accepted = 0;
    for (int i = 0; i < 30_000; i++) {
      String text = part(random) + "@" + part(random) + ".example/" + part(random);
      Jid jid = parsedOrNull(text);
      if (jid == null) {
        continue;
      }
      accepted++;
      String message = "seed " + seed + " round " + i + ": " + text;
      Jid again = assertDoesNotThrow(() -> Jid.parse(jid.toString()), message);
      assertEquals(jid.toString(), again.toString(), message);
      assertEquals(jid, again, message);
      assertEquals(jid.hashCode(), again.hashCode(), message);
      assertEquals(0, jid.compareTo(again), message);
      String local = jid.local().isEmpty() ? null : jid.local();
      assertEquals(jid, Jid.of(local, jid.domain(), jid.resource()), message);
    }
    assertTrue(accepted > 1000, "accepted " + accepted);
  }

  private static Jid parsedOrNull(String text) {
    try {
      return Jid.parse(text);
    } catch (InvalidJidException e) {
      return null;
    }
  }

  private static String part(Random random) {
    StringBuilder s = new StringBuilder();
    int range = random.nextInt(6);
    for (int n = random.nextInt(3); n >= 0; n--) {
      int c =
          switch (range) {
            case 0 -> random.nextInt(0x250);
            case 1 -> random.nextInt(0x3000);
            case 2 -> random.nextInt(0x20000);
            default -> "abcXYZ019.-_".charAt(random.nextInt(12));
          };
      s.appendCodePoint(c);
    }
    return s.toString();
  }
}
