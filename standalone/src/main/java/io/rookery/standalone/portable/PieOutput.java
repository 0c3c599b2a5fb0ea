package io.rookery.standalone.portable;

import java.io.IOException;

/** Where an export goes: hosts, with users inside. */
sealed interface PieOutput extends AutoCloseable permits PieDirectory, PieSingleFile {

  void beginHost(String domain) throws IOException;

  /** The file to write what the user has to. */
  PieFile beginUser(String name) throws IOException;

  void endUser() throws IOException;

  void endHost() throws IOException;

  /** All hosts are written. */
  void complete() throws IOException;

  @Override
  void close() throws IOException;
}
