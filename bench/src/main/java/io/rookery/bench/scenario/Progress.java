package io.rookery.bench.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows on the standard error how far a task is, when that is a terminal. */
public final class Progress {
  private final boolean visible;

  public Progress(boolean visible) {
    this.visible = visible;
  }

  /** Visible when the standard error is a terminal. */
  public static Progress onTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return new Progress(target.startsWith("/dev/pts/") || target.startsWith("/dev/tty"));
    } catch (IOException e) {
      return new Progress(false);
    }
  }

  Task begin(String name, long goal) {
    return visible ? new Bar(name, goal) : at -> {};
  }

  /** A task under way. */
  @FunctionalInterface
  interface Task extends AutoCloseable {
    void at(long done);

    @Override
    default void close() {}
  }

  private static final class Bar implements Task {
    private final ProgressBar bar;

    Bar(String name, long goal) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(name)
              .setInitialMax(goal)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(250)
              .clearDisplayOnFinish()
              .build();
    }

    @Override
    public void at(long done) {
      bar.stepTo(done);
    }

    @Override
    public void close() {
      bar.close();
    }
  }
}
