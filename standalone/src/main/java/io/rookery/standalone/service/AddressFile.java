package io.rookery.standalone.service;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Tells commands where the embedded Cassandra of a running service answers: {@code
 * cassandra.address} in the data directory. The service holds a lock on it, so that a file left by
 * one that was killed is not believed: by now somebody else may have that port.
 */
final class AddressFile implements AutoCloseable {
  private final Path file;
  private final FileChannel lock;

  private AddressFile(Path file, FileChannel lock) {
    this.file = file;
    this.lock = lock;
  }

  static AddressFile write(Path data, InetSocketAddress address) throws IOException {
    Path file = file(data);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      channel.lock();
      channel.truncate(0);
      // Through the channel: POSIX ends a lock when any other descriptor of the file is closed.
      String text = address.getAddress().getHostAddress() + " " + address.getPort();
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      return new AddressFile(file, channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Empty when no service runs with this data directory. */
  static Optional<InetSocketAddress> read(Path data) throws IOException {
    Path file = file(data);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock free = channel.tryLock()) {
      String[] words = Files.readString(file).split(" ");
      return free != null || words.length != 2
          ? Optional.empty()
          : Optional.of(
              new InetSocketAddress(InetAddress.getByName(words[0]), Integer.parseInt(words[1])));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static Path file(Path data) {
    return data.resolve("cassandra.address");
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
    lock.close();
  }
}
