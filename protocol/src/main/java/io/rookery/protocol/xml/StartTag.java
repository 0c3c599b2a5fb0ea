package io.rookery.protocol.xml;

import static io.rookery.protocol.xml.XmlErrors.malformed;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.stream.StreamException;
import java.util.Arrays;

/**
 * The start tag being read: its name and attributes as byte ranges relative to the start of the
 * top-level element, and the rules of "Namespaces in XML 1.0" for them.
 */
final class StartTag {
  /** Integers of one attribute: name start, colon or -1, name end, value start, value end. */
  static final int WIDTH = 5;

  private static final String XMLNS = "http://www.w3.org/2000/xmlns/";

  int nameStart;
  int colon;
  int nameEnd;

  private int[] attributes = new int[8 * WIDTH];
  private int count;
  private int prefixed;
  private int declarations;

  /** Set when a prefix was used that the tag itself or an element inside it does not declare. */
  private boolean usesOuter;

  void name(int start, int colonAt, int end) {
    nameStart = start;
    colon = colonAt;
    nameEnd = end;
    count = 0;
    prefixed = 0;
    declarations = 0;
  }

  /** Starts an attribute; its value follows with {@link #value}. */
  void attribute(byte[] b, int base, int start, int colonAt, int end, int most)
      throws StreamException {
    if (count == most) {
      throw XmlErrors.tooMuch("too many attributes");
    }
    int used = count * WIDTH;
    for (int i = 0; i < used; i += WIDTH) {
      if (same(b, base, start, end, attributes[i], attributes[i + 2])) {
        throw malformed("duplicate attribute");
      }
    }
    if (used == attributes.length) {
      attributes = Arrays.copyOf(attributes, used * 2);
    }
    attributes[used] = start;
    attributes[used + 1] = colonAt;
    attributes[used + 2] = end;
    if (isXmlns(b, base + start, base + (colonAt < 0 ? end : colonAt))) {
      declarations++;
    } else if (colonAt >= 0) {
      prefixed++;
    }
  }

  void value(int start, int end) {
    attributes[count * WIDTH + 3] = start;
    attributes[count * WIDTH + 4] = end;
    count++;
  }

  private static boolean same(byte[] b, int base, int from, int to, int from2, int to2) {
    return to - from == to2 - from2
        && Arrays.equals(b, base + from, base + to, b, base + from2, base + to2);
  }

  private static boolean isXmlns(byte[] b, int from, int to) {
    return to - from == 5
        && b[from] == 'x'
        && b[from + 1] == 'm'
        && b[from + 2] == 'l'
        && b[from + 3] == 'n'
        && b[from + 4] == 's';
  }

  private static boolean isXml(byte[] b, int from, int to) {
    return to - from == 3 && b[from] == 'x' && b[from + 1] == 'm' && b[from + 2] == 'l';
  }

  /** Puts the namespace declarations of this tag into scope. */
  void declare(byte[] b, int base, Bindings bindings) throws StreamException {
    if (declarations == 0) {
      return;
    }
    for (int i = 0; i < count * WIDTH; i += WIDTH) {
      int colonAt = attributes[i + 1];
      if (isXmlns(b, base + attributes[i], base + (colonAt < 0 ? attributes[i + 2] : colonAt))) {
        declare(b, base, bindings, i);
      }
    }
  }

  private void declare(byte[] b, int base, Bindings bindings, int i) throws StreamException {
    boolean isDefault = attributes[i + 1] < 0;
    int prefixEnd = attributes[i + 2];
    int prefixStart = isDefault ? prefixEnd : attributes[i + 1] + 1;
    int from = attributes[i + 3];
    int to = attributes[i + 4];
    boolean xml = isXml(b, base + prefixStart, base + prefixEnd);
    if (isXmlns(b, base + prefixStart, base + prefixEnd)) {
      throw malformed("the prefix xmlns cannot be declared");
    }
    if (!isDefault && from == to) {
      throw malformed("a prefix cannot be undeclared");
    }
    if (xml || to - from >= XMLNS.length()) {
      String namespace = CharacterData.attributeValue(b, base + from, base + to);
      if (xml != namespace.equals(Namespaces.XML) || namespace.equals(XMLNS)) {
        throw malformed("reserved prefix or namespace");
      }
    }
    bindings.add(prefixStart, prefixEnd, from, to);
  }

  /**
   * Checks that the prefixes of the element and its attributes are declared and that no two
   * attributes have the same expanded name.
   *
   * @param own declarations from this index on are inside the top-level element's content
   */
  void resolve(byte[] b, int base, Bindings bindings, Scope outer, int own, boolean top)
      throws StreamException {
    if (colon >= 0) {
      if (isXmlns(b, base + nameStart, base + colon)) {
        throw malformed("an element cannot have the prefix xmlns");
      }
      resolve(b, base, nameStart, colon, bindings, outer, own, top);
    }
    if (prefixed > 0) {
      resolveAttributes(b, base, bindings, outer, own, top);
    }
  }

  private void resolveAttributes(
      byte[] b, int base, Bindings bindings, Scope outer, int own, boolean top)
      throws StreamException {
    for (int i = 0; i < count * WIDTH; i += WIDTH) {
      int prefixEnd = attributes[i + 1];
      if (prefixEnd < 0 || isXmlns(b, base + attributes[i], base + prefixEnd)) {
        continue;
      }
      resolve(b, base, attributes[i], prefixEnd, bindings, outer, own, top);
      for (int j = 0; prefixed > 1 && j < i; j += WIDTH) {
        if (sameExpandedName(b, base, bindings, outer, i, j)) {
          throw malformed("duplicate attribute");
        }
      }
    }
  }

  private boolean sameExpandedName(
      byte[] b, int base, Bindings bindings, Scope outer, int i, int j) {
    int colonI = attributes[i + 1];
    int colonJ = attributes[j + 1];
    return colonJ >= 0
        && same(b, base, colonI + 1, attributes[i + 2], colonJ + 1, attributes[j + 2])
        && !isXmlns(b, base + attributes[j], base + colonJ)
        && namespace(b, base, attributes[i], colonI, bindings, outer)
            .equals(namespace(b, base, attributes[j], colonJ, bindings, outer));
  }

  private void resolve(
      byte[] b, int base, int from, int to, Bindings bindings, Scope outer, int own, boolean top)
      throws StreamException {
    if (isXml(b, base + from, base + to)) {
      return;
    }
    int found = bindings.find(b, base, from, to);
    if (found < own) {
      usesOuter = true;
    }
    if (found < 0 && outer.namespace(KnownStrings.of(b, base + from, base + to)) == null) {
      throw top ? XmlErrors.badPrefix() : malformed("undeclared prefix");
    }
  }

  /** The namespace of a prefix, empty for the default; it must be declared. */
  static String namespace(byte[] b, int base, int from, int to, Bindings bindings, Scope outer) {
    int found = bindings.find(b, base, from, to);
    return found < 0
        ? outer.namespace(KnownStrings.of(b, base + from, base + to))
        : CharacterData.attributeValue(
            b, base + bindings.valueStart(found), base + bindings.valueEnd(found));
  }

  boolean usesOuter() {
    return usesOuter;
  }

  void forgetUses() {
    usesOuter = false;
  }

  /** A copy of the attributes that are not namespace declarations. */
  int[] plainAttributes(byte[] b, int base) {
    if (declarations == 0) {
      return Arrays.copyOf(attributes, count * WIDTH);
    }
    int[] plain = new int[(count - declarations) * WIDTH];
    int to = 0;
    for (int i = 0; i < count * WIDTH; i += WIDTH) {
      int colonAt = attributes[i + 1];
      if (!isXmlns(b, base + attributes[i], base + (colonAt < 0 ? attributes[i + 2] : colonAt))) {
        System.arraycopy(attributes, i, plain, to, WIDTH);
        to += WIDTH;
      }
    }
    return plain;
  }
}
