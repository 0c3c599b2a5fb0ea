package io.rookery.protocol.xml;

import java.util.Arrays;

/**
 * Writes XML as UTF-8 into an array that grows. Text and values are escaped; characters that XML
 * does not have (controls, lone surrogates, U+FFFE, U+FFFF) become U+FFFD, so that nothing written
 * can break a stream. Names are taken as they are: they come from constants or from {@link
 * Element}, which has checked them.
 *
 * <p>A start tag stays open for attributes until something else is written.
 */
public final class XmlWriter {
  private static final char REPLACEMENT = '\ufffd';
  private static final byte[][] IN_TEXT = new byte[128][];
  private static final byte[][] IN_VALUE = new byte[128][];

  static {
    for (int c = 0; c < 128; c++) {
      if (!XmlChars.isChar(c)) {
        IN_TEXT[c] = new byte[] {(byte) 0xef, (byte) 0xbf, (byte) 0xbd};
      }
    }
    escape(IN_TEXT, '&', "&amp;");
    escape(IN_TEXT, '<', "&lt;");
    escape(IN_TEXT, '>', "&gt;");
    // Would come out as a line feed.
    escape(IN_TEXT, '\r', "&#13;");
    System.arraycopy(IN_TEXT, 0, IN_VALUE, 0, 128);
    // Would come out as spaces.
    escape(IN_VALUE, '\t', "&#9;");
    escape(IN_VALUE, '\n', "&#10;");
    escape(IN_VALUE, '\'', "&apos;");
  }

  private byte[] b;
  private int length;
  private boolean inTag;

  public XmlWriter() {
    this(256);
  }

  /**
   * @param capacity bytes to have room for at first
   */
  public XmlWriter(int capacity) {
    b = new byte[Math.max(capacity, 16)];
  }

  private static void escape(byte[][] table, char c, String escaped) {
    byte[] bytes = new byte[escaped.length()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) escaped.charAt(i);
    }
    table[c] = bytes;
  }

  /** Forgets what was written and keeps the array. */
  public void reset() {
    length = 0;
    inTag = false;
  }

  /** Bytes written. An open start tag counts without its closing bracket. */
  public int length() {
    return length;
  }

  /**
   * The array written to, with {@link #length()} valid bytes. Whoever keeps it must not use this
   * writer any more.
   */
  public byte[] array() {
    return b;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(b, length);
  }

  public XmlWriter startTag(String name) {
    endStartTag();
    put('<');
    ascii(name);
    inTag = true;
    return this;
  }

  /**
   * An attribute of the open start tag; nothing when {@code value} is null.
   *
   * @throws IllegalStateException when no start tag is open
   */
  public XmlWriter attribute(String name, String value) {
    if (!inTag) {
      throw new IllegalStateException("no open start tag");
    }
    if (value != null) {
      put(' ');
      ascii(name);
      put('=');
      put('\'');
      escaped(value, IN_VALUE);
      put('\'');
    }
    return this;
  }

  /** Closes the open start tag, if there is one, as for a stream header. */
  public XmlWriter endStartTag() {
    if (inTag) {
      inTag = false;
      put('>');
    }
    return this;
  }

  /** Ends the element; as an empty-element tag when nothing was written into it. */
  public XmlWriter endTag(String name) {
    if (inTag) {
      inTag = false;
      put('/');
    } else {
      put('<');
      put('/');
      ascii(name);
    }
    put('>');
    return this;
  }

  public XmlWriter text(String text) {
    endStartTag();
    escaped(text, IN_TEXT);
    return this;
  }

  /** An element with nothing but text inside. */
  public XmlWriter element(String name, String text) {
    return startTag(name).text(text).endTag(name);
  }

  /** Well-formed XML as it is. */
  public XmlWriter raw(byte[] from, int off, int len) {
    if (len > 0) {
      endStartTag();
      ensure(len);
      System.arraycopy(from, off, b, length, len);
      length += len;
    }
    return this;
  }

  /** Well-formed XML as it is. */
  public XmlWriter raw(byte[] xml) {
    return raw(xml, 0, xml.length);
  }

  /** A name: nearly always ASCII, and without anything to escape. */
  private void ascii(String name) {
    escaped(name, IN_TEXT);
  }

  private void escaped(String s, byte[][] escapes) {
    int n = s.length();
    // Room for the longest form without escapes: a char is at most three bytes.
    ensure(n * 3);
    byte[] to = b;
    int at = length;
    for (int i = 0; i < n; i++) {
      char c = s.charAt(i);
      if (c < 0x80) {
        byte[] escape = escapes[c];
        if (escape == null) {
          to[at++] = (byte) c;
          continue;
        }
        length = at;
        ensure(escape.length + (n - i) * 3);
        to = b;
        System.arraycopy(escape, 0, to, at, escape.length);
        at += escape.length;
      } else if (c < 0x800) {
        to[at++] = (byte) (0xc0 | c >> 6);
        to[at++] = (byte) (0x80 | c & 0x3f);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < n
          && Character.isLowSurrogate(s.charAt(i + 1))) {
        at = supplementary(to, at, Character.toCodePoint(c, s.charAt(++i)));
      } else {
        at = threeBytes(to, at, Character.isSurrogate(c) || c >= 0xfffe ? REPLACEMENT : c);
      }
    }
    length = at;
  }

  private static int threeBytes(byte[] to, int at, char c) {
    to[at] = (byte) (0xe0 | c >> 12);
    to[at + 1] = (byte) (0x80 | c >> 6 & 0x3f);
    to[at + 2] = (byte) (0x80 | c & 0x3f);
    return at + 3;
  }

  private static int supplementary(byte[] to, int at, int c) {
    to[at] = (byte) (0xf0 | c >> 18);
    to[at + 1] = (byte) (0x80 | c >> 12 & 0x3f);
    to[at + 2] = (byte) (0x80 | c >> 6 & 0x3f);
    to[at + 3] = (byte) (0x80 | c & 0x3f);
    return at + 4;
  }

  private void put(char c) {
    ensure(1);
    b[length++] = (byte) c;
  }

  private void ensure(int more) {
    if (b.length - length < more) {
      b = Arrays.copyOf(b, Math.max(length + more, b.length * 2));
    }
  }
}
