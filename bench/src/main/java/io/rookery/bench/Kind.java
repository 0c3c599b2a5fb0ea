package io.rookery.bench;

import io.rookery.bench.measure.MessageTag;
import io.rookery.bench.scenario.Chat;
import io.rookery.bench.scenario.Login;
import io.rookery.bench.scenario.Register;
import io.rookery.bench.scenario.Run;
import io.rookery.bench.scenario.Scenario;
import java.util.Locale;

/** The scenarios, by the names they have on the command line. */
enum Kind {
  REGISTER(1, (run, tags) -> new Register(run)),
  LOGIN(1, (run, tags) -> new Login(run)),
  CHAT(1, Chat::new);

  private final int defaultWindow;
  private final Factory factory;

  Kind(int defaultWindow, Factory factory) {
    this.defaultWindow = defaultWindow;
    this.factory = factory;
  }

  int defaultWindow() {
    return defaultWindow;
  }

  Scenario create(Run run, MessageTag.Run tags) {
    return factory.create(run, tags);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  private interface Factory {
    Scenario create(Run run, MessageTag.Run tags);
  }
}
