package io.rookery.bench;

import io.rookery.bench.measure.MessageTag;
import io.rookery.bench.scenario.Archive;
import io.rookery.bench.scenario.Chat;
import io.rookery.bench.scenario.Idle;
import io.rookery.bench.scenario.Login;
import io.rookery.bench.scenario.Offline;
import io.rookery.bench.scenario.Presence;
import io.rookery.bench.scenario.Publish;
import io.rookery.bench.scenario.Register;
import io.rookery.bench.scenario.Resume;
import io.rookery.bench.scenario.Run;
import io.rookery.bench.scenario.Scenario;
import java.util.Locale;

/** The scenarios, by the names they have on the command line. */
enum Kind {
  REGISTER(1, (run, tags, domain, loss) -> new Register(run)),
  LOGIN(1, (run, tags, domain, loss) -> new Login(run)),
  CHAT(1, (run, tags, domain, loss) -> new Chat(run, tags)),
  IDLE(1, (run, tags, domain, loss) -> new Idle(run)),
  OFFLINE(20, (run, tags, domain, loss) -> new Offline(run, tags, domain)),
  RESUME(1, (run, tags, domain, loss) -> new Resume(run, loss)),
  PRESENCE(10, (run, tags, domain, loss) -> new Presence(run, tags)),
  ARCHIVE(1, (run, tags, domain, loss) -> new Archive(run)),
  PUBLISH(1, (run, tags, domain, loss) -> new Publish(run, tags));

  private final int defaultWindow;
  private final Factory factory;

  Kind(int defaultWindow, Factory factory) {
    this.defaultWindow = defaultWindow;
    this.factory = factory;
  }

  int defaultWindow() {
    return defaultWindow;
  }

  Scenario create(Run run, MessageTag.Run tags, String domain, Resume.Loss loss) {
    return factory.create(run, tags, domain, loss);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  private interface Factory {
    Scenario create(Run run, MessageTag.Run tags, String domain, Resume.Loss loss);
  }
}
