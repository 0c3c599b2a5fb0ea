package io.rookery.standalone.portable;

import java.io.IOException;
import java.nio.file.Path;

/** All accounts in one file. */
final class PieSingleFile implements PieOutput {
  private final PieFile file;

  private PieSingleFile(PieFile file) {
    this.file = file;
  }

  static PieSingleFile create(Path path) throws IOException {
    PieFile file = PieFile.create(path);
    file.start("server-data", "xmlns", Names.PIE);
    return new PieSingleFile(file);
  }

  @Override
  public void beginHost(String domain) {
    file.start("host", "jid", domain);
  }

  @Override
  public PieFile beginUser(String name) {
    return file.start("user", "name", name);
  }

  @Override
  public void endUser() throws IOException {
    file.end("user");
  }

  @Override
  public void endHost() throws IOException {
    file.end("host");
  }

  @Override
  public void complete() throws IOException {
    file.end("server-data");
    file.complete();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
