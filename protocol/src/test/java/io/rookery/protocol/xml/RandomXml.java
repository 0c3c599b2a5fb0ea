package io.rookery.protocol.xml;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Makes well-formed streams with everything XMPP allows, and spoils them. */
final class RandomXml {
  private static final String[] NAMES = {
    "message",
    "body",
    "a",
    "b",
    "query",
    "item",
    "x-1._",
    "\u00e9t\u00e9",
    "to",
    "type",
    "id",
    "\u4e00",
    "stream",
    "thisIsAMuchLongerName.Than-Usual_0123456789"
  };
  private static final String[] NAMESPACES = {
    "jabber:client",
    "jabber:server",
    "urn:a",
    "urn:b",
    "u&amp;&#x41;",
    "http://x/\u00fc?a='",
    "http://etherx.jabber.org/streams",
    "vcard-temp"
  };
  private static final String[] PREFIXES = {"p", "q", "n0", "stream", "db", "\u00e4"};
  private static final String[] PIECES = {
    "text",
    " ",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "&lt;",
    "&amp;",
    "&gt;",
    "&quot;",
    "&apos;",
    "&#65;",
    "&#x1F600;",
    "&#13;",
    "&#10;",
    "&#9;",
    "\u00e4",
    "\u20ac",
    "\ud83d\ude00",
    "]]",
    "]",
    "/",
    "=",
    "\u007f",
    "\u0085",
    "\u2028",
    "\ufeff",
    "\ufffd",
    "\ud7ff",
    "\ue000",
    "-->",
    "?",
    "!",
    "--",
    "The quick brown fox jumps over the lazy dog. 0123456789"
  };

  /** What mutation likes to insert. */
  private static final String[] TROUBLE = {
    "<",
    ">",
    "&",
    "'",
    "\"",
    "/",
    "]]>",
    "<!--",
    "-->",
    "<?",
    "?>",
    "<![CDATA[",
    "<!DOCTYPE",
    "&#0;",
    "&#xD800;",
    "&x;",
    "&lt",
    "xmlns",
    "xmlns:p",
    "xml:",
    ":",
    "=",
    " ",
    "<a>",
    "</a>",
    "\u0000",
    "\u0001",
    "\ufffe",
    "p:",
    " b='1'",
    "<a/>",
    "&#x110000;",
    ";"
  };

  private final Random random;
  private final StringBuilder out = new StringBuilder();

  RandomXml(long seed) {
    random = new Random(seed);
  }

  /** A stream with a few elements. */
  byte[] stream() {
    if (random.nextInt(3) == 0) {
      out.append("<?xml version='1.0'?>");
    }
    String namespace = pick(NAMESPACES);
    out.append("<stream:stream xmlns:stream='http://etherx.jabber.org/streams'");
    Scope scope = Scope.of("").with("stream", "http://etherx.jabber.org/streams");
    if (random.nextInt(4) > 0) {
      namespace = random.nextBoolean() ? "jabber:client" : "jabber:server";
    }
    scope = declaration("", namespace, scope);
    if (random.nextInt(3) == 0) {
      scope = declaration("p", pick(NAMESPACES), scope);
    }
    out.append('>');
    for (int i = random.nextInt(4); i >= 0; i--) {
      whitespace();
      element(scope, 0);
    }
    whitespace();
    out.append("</stream:stream>");
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private Scope declaration(String prefix, String namespace, Scope scope) {
    if (!namespace.isEmpty() || prefix.isEmpty()) {
      out.append(" xmlns").append(prefix.isEmpty() ? "" : ":" + prefix);
      out.append("=\"").append(namespace).append('"');
      return scope.with(prefix, namespace);
    }
    return scope;
  }

  private void element(Scope outer, int depth) {
    int from = out.length();
    out.append('<');
    int nameAt = out.length();
    Scope scope = outer;
    StringBuilder used = new StringBuilder("|");
    for (int i = random.nextInt(4); i > 0; i--) {
      String prefix = random.nextBoolean() ? "" : pick(PREFIXES);
      if (random.nextInt(3) == 0 && used.indexOf("|" + prefix + "|") < 0) {
        used.append(prefix).append('|');
        String namespace = prefix.isEmpty() && random.nextInt(3) == 0 ? "" : pick(NAMESPACES);
        scope = declaration(prefix, namespace, scope);
      }
    }
    attributes(scope);
    String name = prefixed(pick(NAMES), scope);
    out.insert(nameAt, name);
    space();
    if (random.nextInt(4) == 0) {
      out.append("/>");
      return;
    }
    out.append('>');
    content(scope, depth);
    out.append("</").append(name);
    space();
    out.append('>');
    assert out.length() > from;
  }

  private void attributes(Scope scope) {
    StringBuilder used = new StringBuilder("|");
    for (int i = random.nextInt(4); i > 0; i--) {
      String local = pick(NAMES);
      if (used.indexOf("|" + local + "|") >= 0) {
        continue;
      }
      used.append(local).append('|');
      out.append(' ');
      space();
      out.append(random.nextInt(3) == 0 ? prefixed(local, scope) : local);
      space();
      out.append('=');
      space();
      char quote = random.nextBoolean() ? '\'' : '"';
      out.append(quote);
      for (int j = random.nextInt(4); j > 0; j--) {
        out.append(pick(PIECES));
      }
      if (random.nextInt(4) == 0) {
        out.append(quote == '"' ? '\'' : '"');
      }
      out.append(quote);
    }
    if (random.nextInt(5) == 0) {
      out.append(" xml:lang='en'");
    }
  }

  private String prefixed(String local, Scope scope) {
    String prefix = pick(PREFIXES);
    return random.nextInt(3) == 0 && scope.namespace(prefix) != null ? prefix + ":" + local : local;
  }

  private void content(Scope scope, int depth) {
    for (int i = random.nextInt(5); i > 0; i--) {
      int kind = random.nextInt(8);
      if (kind < 3 && depth < 6) {
        element(scope, depth + 1);
      } else if (kind == 7) {
        out.append("<![CDATA[").append(random.nextBoolean() ? "<&]] >]" : pick(PIECES));
        out.append("]]>");
      } else {
        // A > after ]] would be an error, so there is never one in the pieces after brackets.
        out.append(pick(PIECES)).append('.');
      }
    }
  }

  private void whitespace() {
    out.append(random.nextBoolean() ? "" : random.nextBoolean() ? " \n" : "\r\n\t");
  }

  private void space() {
    if (random.nextInt(6) == 0) {
      out.append(random.nextBoolean() ? " " : "\n\t");
    }
  }

  private String pick(String[] from) {
    return from[random.nextInt(from.length)];
  }

  /** One to three small changes. */
  byte[] mutate(byte[] good) {
    byte[] b = good;
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(b.length);
      int n = Math.min(random.nextInt(8), b.length - at);
      b =
          switch (random.nextInt(5)) {
            case 0 -> splice(b, at, 1, new byte[] {(byte) random.nextInt(256)});
            case 1 -> splice(b, at, n, new byte[0]);
            case 2 -> splice(b, at, 0, java.util.Arrays.copyOfRange(b, at, at + n));
            case 3 -> splice(b, at, 0, pick(TROUBLE).getBytes(StandardCharsets.UTF_8));
            default -> splice(b, at, 1, pick(TROUBLE).getBytes(StandardCharsets.UTF_8));
          };
      if (b.length == 0) {
        return good;
      }
    }
    return b;
  }

  private static byte[] splice(byte[] b, int at, int removed, byte[] added) {
    byte[] result = new byte[b.length - removed + added.length];
    System.arraycopy(b, 0, result, 0, at);
    System.arraycopy(added, 0, result, at, added.length);
    int rest = at + removed;
    System.arraycopy(b, rest, result, at + added.length, b.length - rest);
    return result;
  }

  /** Up to twelve ascending cuts. */
  int[] cuts(int length) {
    return random.ints(random.nextInt(12), 0, length + 1).sorted().toArray();
  }

  /** Bytes with a liking for markup. */
  byte[] noise() {
    byte[] b = new byte[1 + random.nextInt(200)];
    String likely = "<>/='\"&;:!?[]abxmlns# \n-";
    for (int i = 0; i < b.length; i++) {
      b[i] =
          (byte)
              (random.nextInt(4) == 0
                  ? random.nextInt(256)
                  : likely.charAt(random.nextInt(likely.length())));
    }
    return b;
  }
}
