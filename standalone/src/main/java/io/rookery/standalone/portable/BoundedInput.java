package io.rookery.standalone.portable;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A file that the parser may not read much of before it has something to tell: a tag, a value or a
 * comment without an end would otherwise fill the memory.
 */
final class BoundedInput extends FilterInputStream {
  static final int MAX_BYTES = 8 << 20;

  private long unanswered;

  BoundedInput(InputStream file) {
    super(file);
  }

  /** The parser has told something. */
  void answered() {
    unanswered = 0;
  }

  @Override
  public int read() throws IOException {
    return counted(super.read(), 1);
  }

  @Override
  public int read(byte[] b, int off, int len) throws IOException {
    int read = super.read(b, off, len);
    return counted(read, read);
  }

  private int counted(int result, int bytes) throws IOException {
    unanswered += Math.max(bytes, 0);
    if (unanswered > MAX_BYTES) {
      throw new IOException("a tag or comment of more than " + MAX_BYTES + " bytes");
    }
    return result;
  }
}
