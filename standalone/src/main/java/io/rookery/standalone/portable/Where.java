package io.rookery.standalone.portable;

import java.nio.file.Path;

/**
 * A place in a file.
 *
 * @param line from 1
 * @param column from 1, in characters
 */
record Where(Path file, int line, int column) {
  @Override
  public String toString() {
    return file + ", line " + line + ", column " + column;
  }
}
