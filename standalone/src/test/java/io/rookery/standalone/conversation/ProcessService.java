package io.rookery.standalone.conversation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A service made of child processes, which start together and stop in reverse order. */
final class ProcessService implements Service {
  private final String domain;
  private final List<Endpoint> endpoints;
  private final List<ChildProcess> processes;
  private final List<ChildProcess.Running> running = new ArrayList<>();
  private final Duration negotiationTimeout;
  private final int maxStanzaBytes;

  ProcessService(
      String domain,
      List<Endpoint> endpoints,
      List<ChildProcess> processes,
      Duration negotiationTimeout,
      int maxStanzaBytes) {
    this.domain = domain;
    this.endpoints = List.copyOf(endpoints);
    this.processes = List.copyOf(processes);
    this.negotiationTimeout = negotiationTimeout;
    this.maxStanzaBytes = maxStanzaBytes;
  }

  ProcessService started() {
    try {
      starting().awaitReady();
      return this;
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** As {@link #started}, without waiting until it is ready. */
  ProcessService starting() {
    processes.forEach(process -> running.add(process.start()));
    return this;
  }

  void awaitReady() {
    running.forEach(ChildProcess.Running::awaitReady);
  }

  @Override
  public String domain() {
    return domain;
  }

  @Override
  public Endpoint endpoint(int client) {
    return endpoints.get(client % endpoints.size());
  }

  @Override
  public void restart() {
    close();
    started();
  }

  @Override
  public Duration negotiationTimeout() {
    return negotiationTimeout;
  }

  @Override
  public int maxStanzaBytes() {
    return maxStanzaBytes;
  }

  @Override
  public void close() {
    for (int i = running.size() - 1; i >= 0; i--) {
      running.remove(i).stop();
    }
  }
}
