package io.rookery.cassandra;

import java.util.Map;

/** When a write is on disk; what a process or host failure of a single node can lose. */
public enum CommitLog {
  /**
   * Before the request is answered, however many writes it has: an acknowledged write is never
   * lost. The cheapest of the durable modes by far for batches. For a single node, because it does
   * not cover what other nodes write here. The period only limits how long a flush is waited for
   * that was asked for while another one began.
   */
  REQUEST(Map.of("commitlog_sync", "periodic", "commitlog_sync_period", "20ms")),

  /** Before each write is acknowledged: an acknowledged write is never lost. */
  BATCH(Map.of("commitlog_sync", "batch")),

  /** Before it is acknowledged, at most 2 ms after it arrived, together with others. */
  GROUP(Map.of("commitlog_sync", "group", "commitlog_sync_group_window", "2ms")),

  /**
   * At least every 10 s, after it was acknowledged. Killing the process loses about 100 ms of
   * acknowledged writes, a power failure up to 10 s: not for a single node that keeps messages.
   */
  PERIODIC(Map.of("commitlog_sync", "periodic", "commitlog_sync_period", "10000ms"));

  private final Map<String, String> settings;

  CommitLog(Map<String, String> settings) {
    this.settings = settings;
  }

  Map<String, String> settings() {
    return settings;
  }
}
