package io.rookery.bench.stream;

import java.util.Arrays;

/**
 * Cuts a stream into its top-level elements, whatever chunks it arrives in. It looks for element
 * boundaries only (quotes, CDATA and processing instructions respected) and does not validate: it
 * is what lets the load generator read 50,000 stanzas a second beside the server it measures.
 *
 * <p>A chunk is read in place; only an element cut by the end of a chunk is copied.
 */
public final class StanzaSplitter {
  /** What the stream consists of, in order. */
  public interface Sink {
    /** One child of the stream's root; the element is valid until this returns. */
    void element(Element element);

    /** The root was closed by the peer. */
    void closed();
  }

  /** An element larger than this many bytes is refused. */
  public static final int LIMIT = 32 << 20;

  private static final byte[] NOTHING = {};
  private static final int KEEP_CAPACITY = 64 << 10;

  private final Sink sink;
  private byte[] kept = NOTHING;
  private int length;
  private int resume;
  private int depth;
  private int start = -1;

  public StanzaSplitter(Sink sink) {
    this.sink = sink;
  }

  /** The next bytes are a new stream; the sink may call this while it handles an element. */
  public void reset() {
    depth = 0;
    start = -1;
  }

  /** Forgets everything: the next bytes come from another connection. */
  public void discard() {
    reset();
    kept = NOTHING;
    length = 0;
    resume = 0;
  }

  /**
   * Takes the next bytes; the array may be reused afterwards.
   *
   * @throws IllegalStateException when an element exceeds {@link #LIMIT}
   */
  public void feed(byte[] chunk, int offset, int count) {
    if (length == 0) {
      keep(chunk, scan(chunk, offset, offset + count), offset + count);
      return;
    }
    if (length + count > LIMIT) {
      throw new IllegalStateException("element over " + LIMIT + " bytes");
    }
    if (length + count > kept.length) {
      kept = Arrays.copyOf(kept, Math.max(2 * kept.length, length + count));
    }
    System.arraycopy(chunk, offset, kept, length, count);
    keep(kept, scan(kept, resume, length + count), length + count);
  }

  /** Scans up to {@code end}; the result is where the next scan goes on. */
  private int scan(byte[] b, int from, int end) {
    int at = from;
    while (at < end) {
      int open = indexOf(b, '<', at, end);
      if (open == end) {
        return end;
      }
      int close = tagEnd(b, open, end);
      if (close < 0) {
        return open;
      }
      at = close;
      tag(b, open, close);
    }
    return at;
  }

  private void tag(byte[] b, int open, int close) {
    byte kind = b[open + 1];
    if (kind == '?' || kind == '!') {
      return;
    }
    if (kind == '/') {
      depth--;
      if (depth == 1) {
        emit(b, start, close);
      } else if (depth == 0) {
        sink.closed();
      }
    } else if (b[close - 2] != '/') {
      if (depth == 1) {
        start = open;
      }
      depth++;
    } else if (depth == 1) {
      emit(b, open, close);
    }
  }

  private void emit(byte[] b, int from, int to) {
    start = -1;
    sink.element(new Element(b, from, to));
  }

  private void keep(byte[] b, int scanned, int end) {
    int first = start >= 0 ? start : scanned;
    length = end - first;
    resume = scanned - first;
    if (length == 0) {
      kept = kept.length > KEEP_CAPACITY ? NOTHING : kept;
      return;
    }
    if (length > kept.length) {
      kept = new byte[Math.max(1024, length)];
    }
    System.arraycopy(b, first, kept, 0, length);
    start = start >= 0 ? 0 : -1;
  }

  /** The index after the markup that opens at {@code open}, or -1 when its end is missing. */
  static int tagEnd(byte[] b, int open, int end) {
    if (open + 1 >= end) {
      return -1;
    }
    if (b[open + 1] == '?') {
      return after(b, open + 2, end, "?>");
    }
    if (b[open + 1] == '!') {
      if (open + 9 > end) {
        return -1;
      }
      return b[open + 2] == '[' ? after(b, open + 9, end, "]]>") : after(b, open + 2, end, ">");
    }
    int at = open + 1;
    while (at < end && b[at] != '>') {
      if (b[at] == '\'' || b[at] == '"') {
        at = indexOf(b, b[at], at + 1, end);
      }
      at++;
    }
    return at < end ? at + 1 : -1;
  }

  private static int indexOf(byte[] b, int wanted, int from, int end) {
    int at = from;
    while (at < end && b[at] != wanted) {
      at++;
    }
    return at;
  }

  private static int after(byte[] b, int from, int end, String mark) {
    for (int at = from; at + mark.length() <= end; at++) {
      int i = 0;
      while (i < mark.length() && b[at + i] == mark.charAt(i)) {
        i++;
      }
      if (i == mark.length()) {
        return at + i;
      }
    }
    return -1;
  }
}
