package io.rookery.cassandra;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the {@link ClassArchive} of a node that has started without one, in a process of its own
 * and at the lowest priority: some ten seconds of computing, once. No stop waits for it. One that
 * is cut short leaves nothing that a node would use, and the next start tries again. Without an
 * archive a node starts, too, only later; so nothing here fails.
 */
final class ArchiveDump {
  private static final Logger LOG = LoggerFactory.getLogger(ArchiveDump.class);

  private final ClassArchive archive;
  private final List<String> command;
  private final Path output;
  private Process process;
  private CompletableFuture<Void> end = CompletableFuture.completedFuture(null);

  /**
   * @param command that makes it
   * @param output for what the JVM says
   */
  ArchiveDump(ClassArchive archive, List<String> command, Path output) {
    this.archive = archive;
    this.command = command;
    this.output = output;
  }

  /** To be called when the node has started, once; does nothing when there is an archive. */
  void begin() {
    try {
      archive.sweep();
      if (archive.exists()) {
        return;
      }
      archive.closeList();
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      end = process.onExit().thenAccept(this::ended);
    } catch (IOException e) {
      LOG.warn("no class archive for Cassandra: {}", e.toString());
    }
  }

  private void ended(Process dump) {
    try {
      if (dump.exitValue() == 0) {
        archive.keep();
        LOG.info("the next start of Cassandra is faster by {}", archive.file());
      } else {
        LOG.info("no class archive for Cassandra yet, code {}", dump.exitValue());
      }
    } catch (IOException e) {
      LOG.warn("no class archive for Cassandra: {}", e.toString());
    }
    discard();
  }

  /** Completed when the archive is in its place, or will not be. */
  CompletableFuture<Void> end() {
    return end;
  }

  /** SIGKILL, unless it has ended; what it has written is removed. */
  void cancel() {
    if (process != null) {
      process.destroyForcibly();
    }
    end.join();
    discard();
  }

  private void discard() {
    try {
      archive.discard();
    } catch (IOException e) {
      LOG.warn("not removed: {}", e.toString());
    }
  }
}
