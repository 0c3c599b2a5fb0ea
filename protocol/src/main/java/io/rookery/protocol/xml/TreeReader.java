package io.rookery.protocol.xml;

import java.util.ArrayList;
import java.util.List;

/** Builds trees from bytes that {@link XmlStreamReader} has accepted; checks nothing itself. */
final class TreeReader {
  private static final int CDATA_START = "<![CDATA[".length();

  private final byte[] b;
  private int p;

  TreeReader(byte[] bytes, int start) {
    b = bytes;
    p = start;
  }

  /** Where the name that starts at {@code from} ends. */
  static int nameEnd(byte[] b, int from) {
    int p = from;
    while (b[p] < 0 || XmlChars.NAME[b[p]] != 0) {
      p++;
    }
    return p;
  }

  /** The colon in {@code b[from, to)}, or -1. */
  static int colon(byte[] b, int from, int to) {
    for (int p = from; p < to; p++) {
      if (b[p] == ':') {
        return p;
      }
    }
    return -1;
  }

  /** A name as written and a value of one attribute. */
  private record RawAttribute(String prefix, String name, String value) {
    boolean isDeclaration() {
      return prefix.equals("xmlns") || prefix.isEmpty() && name.equals("xmlns");
    }
  }

  /** The namespaces in scope inside the element that starts here. */
  Scope scope(Scope outer) {
    p = nameEnd(b, p + 1);
    return declare(outer, attributes());
  }

  /** The element that starts here. */
  Element element(Scope outer) {
    int from = p + 1;
    p = nameEnd(b, from);
    int colon = colon(b, from, p);
    String name = KnownStrings.of(b, colon < 0 ? from : colon + 1, p);
    String prefix = colon < 0 ? "" : KnownStrings.of(b, from, colon);
    List<RawAttribute> raw = attributes();
    Scope scope = declare(outer, raw);
    List<Node> nodes = List.of();
    if (b[p] == '/') {
      p += 2;
    } else {
      p++;
      nodes = nodes(scope, Integer.MAX_VALUE);
      while (b[p++] != '>') {}
    }
    return new Element(scope.namespace(prefix), name, resolve(raw, scope), nodes);
  }

  /** Reads attributes up to the end of the start tag. */
  private List<RawAttribute> attributes() {
    List<RawAttribute> attributes = List.of();
    skipWhitespace();
    while (b[p] != '>' && b[p] != '/') {
      if (attributes.isEmpty()) {
        attributes = new ArrayList<>(4);
      }
      attributes.add(attribute());
      skipWhitespace();
    }
    return attributes;
  }

  private RawAttribute attribute() {
    int from = p;
    int to = nameEnd(b, from);
    int colon = colon(b, from, to);
    p = to;
    while (b[p] != '"' && b[p] != '\'') {
      p++;
    }
    byte quote = b[p++];
    int valueStart = p;
    while (b[p] != quote) {
      p++;
    }
    return new RawAttribute(
        colon < 0 ? "" : KnownStrings.of(b, from, colon),
        KnownStrings.of(b, colon < 0 ? from : colon + 1, to),
        CharacterData.attributeValue(b, valueStart, p++));
  }

  private void skipWhitespace() {
    while (XmlChars.isWhitespace(b[p])) {
      p++;
    }
  }

  private static Scope declare(Scope outer, List<RawAttribute> raw) {
    Scope scope = outer;
    for (RawAttribute a : raw) {
      if (a.isDeclaration()) {
        scope = scope.with(a.prefix.isEmpty() ? "" : a.name, a.value);
      }
    }
    return scope;
  }

  private static List<Attribute> resolve(List<RawAttribute> raw, Scope scope) {
    if (raw.isEmpty()) {
      return List.of();
    }
    List<Attribute> attributes = new ArrayList<>(raw.size());
    for (RawAttribute a : raw) {
      if (!a.isDeclaration()) {
        String namespace = a.prefix.isEmpty() ? "" : scope.namespace(a.prefix);
        attributes.add(new Attribute(namespace, a.name, a.value));
      }
    }
    return List.copyOf(attributes);
  }

  /** What is here up to an end tag or {@code end}; texts that touch are one. */
  List<Node> nodes(Scope scope, int end) {
    List<Node> nodes = new ArrayList<>(4);
    while (p < end) {
      if (b[p] != '<' || b[p + 1] == '!') {
        String text = text(end);
        if (!text.isEmpty()) {
          nodes.add(new Text(text));
        }
      } else if (b[p + 1] == '/') {
        break;
      } else {
        nodes.add(element(scope));
      }
    }
    return List.copyOf(nodes);
  }

  /** Text and CDATA sections up to a tag or {@code end}. */
  String text(int end) {
    String text = "";
    while (p < end && (b[p] != '<' || b[p + 1] == '!')) {
      String more = b[p] == '<' ? cdata() : plainText(end);
      text = text.isEmpty() ? more : text.concat(more);
    }
    return text;
  }

  private String cdata() {
    int from = p + CDATA_START;
    p = from;
    while (b[p] != ']' || b[p + 1] != ']' || b[p + 2] != '>') {
      p++;
    }
    p += 3;
    return CharacterData.cdata(b, from, p - 3);
  }

  private String plainText(int end) {
    int from = p;
    while (p < end && b[p] != '<') {
      p++;
    }
    return CharacterData.text(b, from, p);
  }
}
