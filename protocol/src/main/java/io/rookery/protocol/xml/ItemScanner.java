package io.rookery.protocol.xml;

import static io.rookery.protocol.xml.XmlErrors.malformed;
import static io.rookery.protocol.xml.XmlErrors.restricted;

import io.rookery.protocol.stream.StreamException;
import java.util.Arrays;

/**
 * Reads one top-level item of a stream, byte by byte and each byte once: an element with all it
 * contains, the start tag of the stream, its end tag, or the XML declaration. It can stop after any
 * byte and go on in another array, provided that the bytes of the item read so far are there too.
 *
 * <p>Positions that are kept are relative to the start of the item ({@code base} in the array).
 */
final class ItemScanner {
  /** What is to be read, or has been. */
  enum Kind {
    ELEMENT,
    STREAM_START,
    STREAM_END,
    DECLARATION
  }

  /** Integers of one direct child: start, end, start and end of its namespace or -1. */
  static final int CHILD_WIDTH = 4;

  private static final byte[] CDATA_OPEN = {'C', 'D', 'A', 'T', 'A', '['};
  private static final byte[] DECLARATION_OPEN = {'x', 'm', 'l'};
  private static final int[] NO_INTS = {};

  private static final int OPEN_WIDTH = 3;

  // States; each but the last is named after what comes next.
  private static final int MARKUP = 0;
  private static final int START_NAME = 1;
  private static final int IN_TAG = 2;
  private static final int ATTRIBUTE_NAME = 3;
  private static final int EQUALS = 4;
  private static final int QUOTE = 5;
  private static final int VALUE = 6;
  private static final int REFERENCE = 7;
  private static final int NAMED_REFERENCE = 8;
  private static final int NUMBER = 9;
  private static final int EMPTY_TAG_END = 10;
  private static final int TEXT = 11;
  private static final int BANG = 12;
  private static final int CDATA_START = 13;
  private static final int CDATA = 14;
  private static final int END_NAME = 15;
  private static final int END_TAG_END = 16;
  private static final int DECLARATION = 17;
  private static final int DONE = 18;

  private final StartTag tag = new StartTag();
  private final Bindings bindings = new Bindings();

  private XmlLimits limits;
  private Scope outer;
  private byte[] streamName;
  private Kind kind;
  private boolean declarationAllowed;
  private boolean emptyTag;

  private int base;
  private int length;
  private int state;
  private int token;
  private int colon;
  private byte quote;
  private int valueStart;
  private int afterReference;
  private int radix;
  private int number;

  /** The open elements: name start, name end, declarations before it. */
  private int[] open = new int[8 * OPEN_WIDTH];

  private int depth;

  private int[] topAttributes;
  private int topName;
  private int topColon;
  private int topNameEnd;
  private int topBindings;
  private int contentStart;
  private int contentEnd;
  private int[] children = NO_INTS;
  private int childInts;

  /** Prepares for an item whose {@code <} has been seen. */
  void begin(
      Kind expected, boolean mayBeDeclaration, XmlLimits most, Scope scope, byte[] rootName) {
    kind = expected;
    declarationAllowed = mayBeDeclaration;
    limits = most;
    outer = scope;
    streamName = rootName;
    emptyTag = false;
    length = 1;
    state = MARKUP;
    depth = 0;
    childInts = 0;
    bindings.truncate(0);
    tag.forgetUses();
  }

  /**
   * Goes on with the item that starts at {@code b[start]}.
   *
   * @return true when it is complete, false when all up to {@code limit} is right but not the end
   */
  boolean scan(byte[] b, int start, int limit) throws StreamException {
    base = start;
    int p = start + length;
    while (p < limit && state != DONE) {
      int next = step(b, p, limit);
      if (next < 0) {
        p = ~next;
        break;
      }
      p = next;
    }
    length = p - start;
    return state == DONE;
  }

  /** Does one state; returns where to go on, or {@code ~p} when more bytes are needed first. */
  private int step(byte[] b, int p, int limit) throws StreamException {
    return switch (state) {
      case MARKUP -> markup(b[p], p);
      case START_NAME -> startName(b, p, limit);
      case IN_TAG -> inTag(b, p, limit);
      case ATTRIBUTE_NAME -> attributeName(b, p, limit);
      case EQUALS -> equalsSign(b, p, limit);
      case QUOTE -> quote(b, p, limit);
      case VALUE -> value(b, p, limit);
      case REFERENCE -> reference(b[p], p);
      case NAMED_REFERENCE -> namedReference(b, p, limit);
      case NUMBER -> number(b, p, limit);
      case EMPTY_TAG_END -> emptyTagEnd(b, p);
      case TEXT -> text(b, p, limit);
      case BANG -> bang(b[p], p);
      case CDATA_START -> cdataStart(b, p);
      case CDATA -> cdata(b, p, limit);
      case END_NAME -> endName(b, p, limit);
      case END_TAG_END -> endTagEnd(b, p, limit);
      default -> declaration(b, p, limit);
    };
  }

  private int markup(byte c, int p) throws StreamException {
    token = p + 1 - base;
    if (c == '/') {
      if (depth == 0 && (kind == Kind.STREAM_START || streamName == null)) {
        throw malformed("end tag without a start tag");
      }
      state = END_NAME;
    } else if (c == '!') {
      state = BANG;
    } else if (c == '?') {
      if (!declarationAllowed || depth > 0) {
        throw restricted("processing instruction");
      }
      state = DECLARATION;
    } else {
      if (depth == limits.maxDepth()) {
        throw XmlErrors.tooMuch("elements nested too deeply");
      }
      token = p - base;
      colon = -1;
      state = START_NAME;
      return p;
    }
    return p + 1;
  }

  /**
   * Reads on in a name with at most one colon.
   *
   * @return the index of the byte after it, {@code limit}, or {@code ~p} when cut in a character
   */
  private int name(byte[] b, int from, int limit) throws StreamException {
    int p = from;
    while (p < limit) {
      int c = XmlChars.NAME[b[p] & 0xff];
      int at = p - base;
      boolean first = at == token || at == colon + 1;
      if (c == XmlChars.NAME_START || c == XmlChars.NAME_PART && !first) {
        do {
          p++;
        } while (p < limit && isName(b[p]));
      } else if (first) {
        if (c != XmlChars.NON_ASCII) {
          throw malformed("invalid name");
        }
        p = nonAsciiName(b, p, limit, true);
      } else if (c == XmlChars.NON_ASCII) {
        p = nonAsciiName(b, p, limit, false);
      } else if (c == XmlChars.COLON) {
        if (colon >= 0) {
          throw malformed("two colons in a name");
        }
        colon = at;
        p++;
      } else {
        return p;
      }
      if (p < 0) {
        return p;
      }
    }
    return p;
  }

  private static boolean isName(byte c) {
    return XmlChars.NAME[c & 0xff] >= XmlChars.NAME_PART;
  }

  private static int nonAsciiName(byte[] b, int p, int limit, boolean first)
      throws StreamException {
    int next = XmlChars.skip(b, p, limit);
    if (next >= 0) {
      int c = XmlChars.codePoint(b, p);
      if (!NameRanges.isStart(c) && (first || !NameRanges.isPart(c))) {
        throw malformed("invalid name");
      }
    }
    return next;
  }

  private int startName(byte[] b, int from, int limit) throws StreamException {
    int p = name(b, from, limit);
    if (p >= 0 && p < limit) {
      tag.name(token, colon, p - base);
      state = IN_TAG;
    }
    return p;
  }

  private int inTag(byte[] b, int from, int limit) throws StreamException {
    int p = from;
    while (p < limit && XmlChars.isWhitespace(b[p])) {
      p++;
    }
    if (p == limit) {
      return p;
    }
    byte c = b[p];
    if (c == '>') {
      startTagEnd(b, p + 1, false);
      return p + 1;
    }
    if (c == '/') {
      state = EMPTY_TAG_END;
      return p + 1;
    }
    if (!XmlChars.isWhitespace(b[p - 1])) {
      throw malformed("whitespace expected in a tag");
    }
    token = p - base;
    colon = -1;
    state = ATTRIBUTE_NAME;
    return attributeName(b, p, limit);
  }

  private int attributeName(byte[] b, int from, int limit) throws StreamException {
    int p = name(b, from, limit);
    if (p < 0 || p == limit) {
      return p;
    }
    tag.attribute(b, base, token, colon, p - base, limits.maxAttributes());
    if (b[p] == '=' && p + 1 < limit && (b[p + 1] == '\'' || b[p + 1] == '"')) {
      return quote(b, p + 1, limit);
    }
    state = EQUALS;
    return p;
  }

  private int equalsSign(byte[] b, int from, int limit) throws StreamException {
    int p = skipWhitespace(b, from, limit);
    if (p < limit) {
      if (b[p++] != '=') {
        throw malformed("attribute without a value");
      }
      state = QUOTE;
    }
    return p;
  }

  private int quote(byte[] b, int from, int limit) throws StreamException {
    int p = skipWhitespace(b, from, limit);
    if (p < limit) {
      quote = b[p++];
      if (quote != '\'' && quote != '"') {
        throw malformed("attribute value without quotes");
      }
      valueStart = p - base;
      state = VALUE;
      return value(b, p, limit);
    }
    return p;
  }

  private static int skipWhitespace(byte[] b, int from, int limit) {
    int p = from;
    while (p < limit && XmlChars.isWhitespace(b[p])) {
      p++;
    }
    return p;
  }

  private int value(byte[] b, int from, int limit) throws StreamException {
    int p = from;
    while (true) {
      while (p < limit && XmlChars.VALUE[b[p] & 0xff] == 0) {
        p++;
      }
      if (p == limit) {
        return p;
      }
      byte c = b[p];
      if (c == quote) {
        tag.value(valueStart, p - base);
        state = IN_TAG;
        return p + 1;
      }
      if (c == '\'' || c == '"') {
        p++;
      } else if (c < 0) {
        p = XmlChars.skip(b, p, limit);
        if (p < 0) {
          return p;
        }
      } else if (c == '&') {
        afterReference = VALUE;
        state = REFERENCE;
        return p + 1;
      } else {
        throw malformed(c == '<' ? "< in an attribute value" : "control character");
      }
    }
  }

  private int reference(byte c, int p) throws StreamException {
    token = p - base;
    if (c == '#') {
      radix = 0;
      number = -1;
      state = NUMBER;
      return p + 1;
    }
    if (XmlChars.NAME[c & 0xff] != XmlChars.NAME_START) {
      throw malformed("bare ampersand");
    }
    state = NAMED_REFERENCE;
    return p;
  }

  private int namedReference(byte[] b, int from, int limit) throws StreamException {
    int p = from;
    while (p < limit && isName(b[p])) {
      p++;
    }
    if (p == limit) {
      return p;
    }
    if (b[p] != ';') {
      throw malformed("bare ampersand");
    }
    switch (KnownStrings.of(b, base + token, p)) {
      case "lt", "gt", "amp", "apos", "quot" -> state = afterReference;
      default -> throw restricted("entity reference");
    }
    return p + 1;
  }

  private int number(byte[] b, int from, int limit) throws StreamException {
    for (int p = from; p < limit; p++) {
      byte c = b[p];
      if (c == 'x' && radix == 0) {
        radix = 16;
        continue;
      }
      if (radix == 0) {
        radix = 10;
      }
      if (c == ';' && number >= 0) {
        if (!XmlChars.isChar(number)) {
          throw malformed("reference to a character not allowed in XML");
        }
        state = afterReference;
        return p + 1;
      }
      int digit = c < 0 ? -1 : Character.digit(c, radix);
      if (digit < 0) {
        throw malformed("invalid character reference");
      }
      number = Math.max(number, 0) * radix + digit;
      if (number > Character.MAX_CODE_POINT) {
        throw malformed("reference to a character not allowed in XML");
      }
    }
    return limit;
  }

  private int emptyTagEnd(byte[] b, int p) throws StreamException {
    if (b[p] != '>') {
      throw malformed("> expected");
    }
    startTagEnd(b, p + 1, true);
    return p + 1;
  }

  private void startTagEnd(byte[] b, int after, boolean empty) throws StreamException {
    int mark = bindings.count();
    tag.declare(b, base, bindings);
    tag.resolve(b, base, bindings, outer, depth == 0 ? 0 : topBindings, depth == 0);
    if (depth == 0) {
      top(b, after, empty);
    } else if (depth == 1) {
      addChild(b);
    }
    if (empty) {
      elementEnd(mark, after);
    } else if (kind == Kind.STREAM_START) {
      state = DONE;
    } else {
      push(mark);
      state = TEXT;
    }
  }

  private void top(byte[] b, int after, boolean empty) {
    topName = tag.nameStart;
    topColon = tag.colon;
    topNameEnd = tag.nameEnd;
    topAttributes = tag.plainAttributes(b, base);
    topBindings = bindings.count();
    tag.forgetUses();
    contentStart = after - base;
    contentEnd = contentStart;
    emptyTag = empty;
  }

  private void addChild(byte[] b) {
    if (childInts == children.length) {
      children = Arrays.copyOf(children, Math.max(4 * CHILD_WIDTH, childInts * 2));
    }
    int from = tag.nameStart;
    int found = bindings.find(b, base, from, tag.colon < 0 ? from : tag.colon);
    children[childInts] = from - 1;
    children[childInts + 2] = found < 0 ? -1 : bindings.valueStart(found);
    children[childInts + 3] = found < 0 ? -1 : bindings.valueEnd(found);
    childInts += CHILD_WIDTH;
  }

  private void push(int mark) {
    int at = depth++ * OPEN_WIDTH;
    if (at == open.length) {
      open = Arrays.copyOf(open, at * 2);
    }
    open[at] = tag.nameStart;
    open[at + 1] = tag.nameEnd;
    open[at + 2] = mark;
  }

  /** An element has ended, which is no longer on the stack. */
  private void elementEnd(int mark, int after) {
    if (depth == 0) {
      state = DONE;
      return;
    }
    bindings.truncate(mark);
    if (depth == 1) {
      children[childInts - CHILD_WIDTH + 1] = after - base;
    }
    state = TEXT;
  }

  private int text(byte[] b, int from, int limit) throws StreamException {
    int p = from;
    while (true) {
      while (p < limit && XmlChars.TEXT[b[p] & 0xff] == 0) {
        p++;
      }
      if (p == limit) {
        return p;
      }
      byte c = b[p];
      if (c == '<') {
        contentEnd = p - base;
        state = MARKUP;
        return p + 1;
      }
      if (c < 0) {
        p = XmlChars.skip(b, p, limit);
        if (p < 0) {
          return p;
        }
      } else if (c == '&') {
        afterReference = TEXT;
        state = REFERENCE;
        return p + 1;
      } else if (c != '>') {
        throw malformed("control character");
      } else if (b[p - 1] == ']' && b[p - 2] == ']') {
        throw malformed("]]> in text");
      } else {
        p++;
      }
    }
  }

  private int bang(byte c, int p) throws StreamException {
    if (c != '[') {
      throw restricted(c == '-' ? "comment" : "document type declaration");
    }
    if (depth == 0) {
      throw XmlErrors.badFormat("text between stanzas");
    }
    token = p + 1 - base;
    state = CDATA_START;
    return p + 1;
  }

  private int cdataStart(byte[] b, int p) throws StreamException {
    int i = p - base - token;
    if (b[p] != CDATA_OPEN[i]) {
      throw malformed("invalid markup");
    }
    if (i + 1 == CDATA_OPEN.length) {
      state = CDATA;
    }
    return p + 1;
  }

  private int cdata(byte[] b, int from, int limit) throws StreamException {
    int p = from;
    while (p < limit) {
      byte c = b[p];
      if (c == ']') {
        if (p + 2 >= limit) {
          boolean possible = p + 1 == limit || b[p + 1] == ']';
          if (possible) {
            return ~p;
          }
        } else if (b[p + 1] == ']' && b[p + 2] == '>') {
          state = TEXT;
          return p + 3;
        }
        p++;
      } else if (c < 0) {
        p = XmlChars.skip(b, p, limit);
        if (p < 0) {
          return p;
        }
      } else if (c < ' ' && !XmlChars.isWhitespace(c)) {
        throw malformed("control character");
      } else {
        p++;
      }
    }
    return p;
  }

  private int endName(byte[] b, int from, int limit) throws StreamException {
    byte[] name = b;
    int nameStart = 0;
    int nameLength;
    if (depth == 0) {
      name = streamName;
      nameLength = streamName.length;
    } else {
      int at = (depth - 1) * OPEN_WIDTH;
      nameStart = base + open[at];
      nameLength = open[at + 1] - open[at];
    }
    int done = from - base - token;
    int n = Math.min(nameLength - done, limit - from);
    if (!Arrays.equals(b, from, from + n, name, nameStart + done, nameStart + done + n)) {
      throw malformed("end tag does not match");
    }
    if (done + n == nameLength) {
      state = END_TAG_END;
    }
    return from + n;
  }

  private int endTagEnd(byte[] b, int from, int limit) throws StreamException {
    int p = skipWhitespace(b, from, limit);
    if (p == limit) {
      return p;
    }
    if (b[p] != '>') {
      throw malformed("end tag does not match");
    }
    if (depth == 0) {
      kind = Kind.STREAM_END;
      state = DONE;
    } else {
      depth--;
      elementEnd(open[depth * OPEN_WIDTH + 2], p + 1);
    }
    return p + 1;
  }

  private int declaration(byte[] b, int from, int limit) throws StreamException {
    for (int p = from; p < limit; p++) {
      int i = p - base - token;
      byte c = b[p];
      if (i < DECLARATION_OPEN.length
          ? c != DECLARATION_OPEN[i]
          : i == 3 && !XmlChars.isWhitespace(c)) {
        throw restricted("processing instruction");
      }
      if (c == '>') {
        if (b[p - 1] != '?') {
          throw malformed("invalid XML declaration");
        }
        kind = Kind.DECLARATION;
        state = DONE;
        return p + 1;
      }
      if (c == '<' || c < ' ' && !XmlChars.isWhitespace(c)) {
        throw malformed("invalid XML declaration");
      }
    }
    return limit;
  }

  /** What has been read, once {@link #scan} has returned true. */
  Kind kind() {
    return kind;
  }

  /** Bytes of the item read so far. */
  int length() {
    return length;
  }

  boolean emptyTag() {
    return emptyTag;
  }

  /** The complete element; {@code b} is kept by it. */
  RawElement element(byte[] b) {
    String name =
        KnownStrings.of(b, base + (topColon < 0 ? topName : topColon + 1), base + topNameEnd);
    bindings.truncate(topBindings);
    String namespace =
        StartTag.namespace(b, base, topName, topColon < 0 ? topName : topColon, bindings, outer);
    boolean inherits =
        !tag.usesOuter()
            && (topColon < 0
                || StartTag.namespace(b, base, topName, topName, bindings, outer)
                    .equals(namespace));
    int[] index = childInts == 0 ? NO_INTS : Arrays.copyOf(children, childInts);
    return new RawElement(
        b,
        base,
        length,
        contentStart,
        contentEnd,
        name,
        namespace,
        inherits,
        topAttributes,
        index,
        outer);
  }
}
