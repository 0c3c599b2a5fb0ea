package io.rookery.protocol.xml;

import io.rookery.protocol.stream.StreamException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts the bytes of an XMPP stream into its header and its top-level elements (RFC 6120, sections 4
 * and 11), and refuses at the first wrong byte what is not well-formed, not namespace-well-formed,
 * not UTF-8, restricted (section 11.1) or over the limits.
 *
 * <p>An element that lies completely in one array given to {@link #feed} is passed on as a part of
 * it, uncopied; so the caller must not write to that array afterwards. Only an incomplete end is
 * copied and kept. Between elements nothing is kept but the namespaces of the stream header.
 *
 * <p>Not thread-safe. After a {@link StreamException} the reader must not be used again.
 */
public final class XmlStreamReader {
  /** Receives what the stream contains. Returning false pauses: {@link #feed} returns at once. */
  public interface Listener {
    boolean streamOpened(StreamHeader header) throws StreamException;

    boolean element(RawElement element) throws StreamException;

    /** The peer has closed the stream (RFC 6120, section 4.4); whatever follows is ignored. */
    void streamClosed();
  }

  private enum Phase {
    /** Before the first byte: the only place for an XML declaration. */
    START,
    /** As START, but whitespace left over from the stream before may precede. */
    RESTARTED,
    HEADER,
    STREAM,
    CLOSED
  }

  private static final byte[] USUAL_NAME = "stream:stream".getBytes(StandardCharsets.US_ASCII);
  private static final int LEAST_BUFFER = 128;

  private final ScannerPool pool;
  private XmlLimits limits;
  private Phase phase;
  private Scope scope;
  private byte[] streamName;

  /** Null between feeds that ended between elements. */
  private ItemScanner scanner;

  /** The incomplete item from its first byte on, or null. */
  private byte[] kept;

  private int keptLength;
  private boolean paused;

  /** A reader that expects a stream header first, with working memory of its own. */
  public XmlStreamReader(XmlLimits limits) {
    this(limits, new ScannerPool());
  }

  /**
   * A reader that expects a stream header first.
   *
   * @param pool shared only with readers used on the same thread
   */
  public XmlStreamReader(XmlLimits limits, ScannerPool pool) {
    this(limits, pool, Phase.START, Scope.NONE);
  }

  private XmlStreamReader(XmlLimits limits, ScannerPool pool, Phase phase, Scope scope) {
    this.limits = limits;
    this.pool = pool;
    this.phase = phase;
    this.scope = scope;
  }

  /**
   * A reader of elements that are documents of their own, without a stream around them (RFC 7395,
   * section 3.3): only {@link Listener#element} is called.
   */
  public static XmlStreamReader framed(XmlLimits limits, ScannerPool pool) {
    return new XmlStreamReader(limits, pool, Phase.STREAM, Scope.NONE);
  }

  /** A reader of elements in a place where these namespaces are in scope. */
  static XmlStreamReader framed(XmlLimits limits, Scope scope) {
    return new XmlStreamReader(limits, new ScannerPool(), Phase.STREAM, scope);
  }

  /** Sets other limits, for the next item on. */
  public void limits(XmlLimits newLimits) {
    limits = newLimits;
  }

  /**
   * Expects a new stream header on the same connection (RFC 6120, section 4.3.3), for the next byte
   * on: a part of an element that was not complete yet is forgotten.
   */
  public void restart() {
    phase = Phase.RESTARTED;
    scope = Scope.NONE;
    streamName = null;
    kept = null;
    keptLength = 0;
  }

  /** True when an item has begun and not ended. */
  public boolean midElement() {
    return kept != null;
  }

  /** Bytes kept of an incomplete item. */
  public int bufferedBytes() {
    return keptLength;
  }

  /**
   * Reads on.
   *
   * @param b must not be written to afterwards
   * @return the number of bytes consumed, less than {@code len} only when the listener has paused
   * @throws StreamException the error to close the stream with; items before it have been passed on
   */
  public int feed(byte[] b, int off, int len, Listener listener) throws StreamException {
    int end = off + len;
    int p = off;
    paused = false;
    if (kept != null && len > 0) {
      p = resume(b, off, end, listener);
    }
    while (p < end && !paused) {
      p = next(b, p, end, listener);
    }
    if (kept == null && scanner != null) {
      pool.give(scanner);
      scanner = null;
    }
    return p - off;
  }

  /** Completes the kept item, if it can, with bytes from {@code [p, end)}. */
  private int resume(byte[] b, int p, int end, Listener listener) throws StreamException {
    int before = keptLength;
    int n = Math.min(end - p, limits.maxElementBytes() - before);
    keep(b, p, Math.max(n, 0));
    if (!scanner.scan(kept, 0, keptLength)) {
      checkLength(keptLength);
      return end;
    }
    byte[] item = kept;
    kept = null;
    keptLength = 0;
    int after = p + scanner.length() - before;
    deliver(item, 0, listener);
    return after;
  }

  private void keep(byte[] b, int p, int n) {
    int length = keptLength + n;
    if (kept == null) {
      kept = new byte[Math.max(LEAST_BUFFER, length + (length >> 1))];
    } else if (length > kept.length) {
      kept = Arrays.copyOf(kept, (int) Math.min(2L * length, Math.max(length, maxBuffer())));
    }
    System.arraycopy(b, p, kept, keptLength, n);
    keptLength = length;
  }

  private int maxBuffer() {
    return Math.min(limits.maxElementBytes(), Integer.MAX_VALUE - 8);
  }

  private void checkLength(int length) throws StreamException {
    if (length >= limits.maxElementBytes()) {
      throw XmlErrors.tooMuch("element too long");
    }
  }

  /** Reads whitespace and one item that starts in this array. */
  private int next(byte[] b, int from, int end, Listener listener) throws StreamException {
    if (phase == Phase.CLOSED) {
      return end;
    }
    int p = from;
    while (p < end && XmlChars.isWhitespace(b[p])) {
      p++;
    }
    if (p > from && phase == Phase.START) {
      phase = Phase.HEADER;
    }
    if (p == end) {
      return end;
    }
    if (b[p] != '<') {
      throw unexpected(b[p]);
    }
    begin();
    int limit = p + Math.min(end - p, limits.maxElementBytes());
    if (!scanner.scan(b, p, limit)) {
      checkLength(limit - p);
      keep(b, p, end - p);
      return end;
    }
    int after = p + scanner.length();
    deliver(b, p, listener);
    return after;
  }

  private StreamException unexpected(byte c) {
    return phase == Phase.STREAM && (c < 0 || c >= ' ')
        ? XmlErrors.badFormat("text between stanzas")
        : XmlErrors.malformed("markup expected");
  }

  private void begin() {
    if (scanner == null) {
      scanner = pool.take();
    }
    boolean inStream = phase == Phase.STREAM;
    boolean atStart = phase == Phase.START || phase == Phase.RESTARTED;
    scanner.begin(
        inStream ? ItemScanner.Kind.ELEMENT : ItemScanner.Kind.STREAM_START,
        atStart,
        limits,
        scope,
        streamName);
  }

  private void deliver(byte[] b, int start, Listener listener) throws StreamException {
    switch (scanner.kind()) {
      case DECLARATION -> {
        XmlDeclaration.check(b, start, start + scanner.length());
        phase = Phase.HEADER;
      }
      case STREAM_START -> opened(scanner.element(b), listener);
      case STREAM_END -> {
        phase = Phase.CLOSED;
        listener.streamClosed();
      }
      case ELEMENT -> paused = !listener.element(scanner.element(b));
    }
  }

  private void opened(RawElement root, Listener listener) throws StreamException {
    boolean empty = scanner.emptyTag();
    scope = root.contentScope();
    byte[] name = root.rawName();
    streamName = Arrays.equals(name, USUAL_NAME) ? USUAL_NAME : name;
    phase = Phase.STREAM;
    paused = !listener.streamOpened(StreamHeader.of(root, scope));
    if (empty) {
      phase = Phase.CLOSED;
      listener.streamClosed();
    }
  }
}
