package io.rookery.bench.scenario;

import io.rookery.bench.stream.ClientHandler;

/**
 * One kind of load. {@link #play} runs on the calling thread and may wait; the methods of {@link
 * ClientHandler} run on the event loop and may not.
 */
public interface Scenario extends ClientHandler {
  /** Runs the load from the first login to the last logout and reports. */
  void play() throws InterruptedException;
}
