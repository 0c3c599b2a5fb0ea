package io.rookery.cassandra;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/**
 * Main class of the child process: runs Cassandra until standard input ends.
 *
 * <p>Standard input is a pipe from the parent. The kernel closes it however the parent ends, a
 * SIGKILL included, so a Cassandra without parent cannot stay behind. Nothing here may use a class
 * outside the JDK: the child has Cassandra's class path, not Rookery's.
 */
final class NodeMain {
  /** Exit code when another process holds the data directory. */
  static final int IN_USE = 75;

  /** Name of {@link CommitLog#REQUEST}; the class itself is not there. */
  private static final String REQUEST = "REQUEST";

  /** How long a node flushes at its end; the rest is in the commit log. */
  static final long EXIT_LIMIT_SECONDS = 20;

  /** How long a node waits for the one before it, whose parent may have been killed just now. */
  static final long LOCK_WAIT_SECONDS = EXIT_LIMIT_SECONDS + 15;

  private NodeMain() {}

  /**
   * @param args the lock file of the data directory, and the {@link CommitLog}
   */
  public static void main(String[] args) throws Exception {
    FileLock lock = lock(Path.of(args[0]));
    if (lock == null) {
      System.exit(IN_USE);
    }
    ignoreSignal("INT");
    ignoreSignal("HUP");
    InputStream parent = System.in;
    startDaemon("parent-watch", () -> exitAtEndOf(parent));
    if (args[1].equals(REQUEST)) {
      RequestSync.install();
    }
    Class.forName("org.apache.cassandra.service.CassandraDaemon")
        .getMethod("main", String[].class)
        .invoke(null, (Object) new String[0]);
  }

  /** Waits: the node of a parent which was killed flushes what it has before it ends. */
  private static FileLock lock(Path file) throws IOException, InterruptedException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LOCK_WAIT_SECONDS);
    FileLock lock = channel.tryLock();
    while (lock == null && System.nanoTime() < end) {
      Thread.sleep(100);
      lock = channel.tryLock();
    }
    return lock;
  }

  /**
   * A terminal sends these to the whole process group; the parent, which still needs the database
   * for an orderly stop, decides when it ends. By reflection, because javac cannot be told that
   * sun.misc.Signal is meant.
   */
  private static void ignoreSignal(String name) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Method handle = signal.getMethod("handle", signal, handler);
    handle.invoke(
        null,
        signal.getConstructor(String.class).newInstance(name),
        handler.getField("SIG_IGN").get(null));
  }

  private static void exitAtEndOf(InputStream parent) {
    try {
      while (parent.read() >= 0) {
        continue;
      }
    } catch (IOException e) {
      System.err.println("Lost the parent process: " + e);
    }
    startDaemon("exit-limit", NodeMain::haltLater);
    System.exit(0);
  }

  private static void haltLater() {
    try {
      TimeUnit.SECONDS.sleep(EXIT_LIMIT_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(1);
  }

  private static void startDaemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }
}
