package io.rookery.standalone.fault.client;

import java.util.List;

/**
 * The balance of a {@link Ledger}.
 *
 * @param sent messages that clients wanted to send, each counted once
 * @param acked those the server has acknowledged
 * @param received those that reached their recipient, each counted once
 * @param lost acknowledged and not received
 * @param duplicated further receptions of a message
 * @param renamed those among them with another stanza-id than the first
 * @param reordered received after a later message of the same sender
 * @param refused came back as an error
 * @param unexpected receptions of what was never sent, or from somebody else
 * @param violations of the protocol by the server
 * @param resumptions sessions resumed
 * @param failedResumptions sessions that could not be resumed
 * @param pauseMillis longest time between two receptions of one flow
 * @param ackPauseMillis longest time between two acknowledgements of one flow
 * @param examples of what is wrong, for a human
 */
public record Tally(
    long sent,
    long acked,
    long received,
    long lost,
    long duplicated,
    long renamed,
    long reordered,
    long refused,
    long unexpected,
    long violations,
    long resumptions,
    long failedResumptions,
    long pauseMillis,
    long ackPauseMillis,
    List<String> examples) {

  public Tally {
    examples = List.copyOf(examples);
  }

  /** Sums over the flows. */
  static final class Builder {
    long sent;
    long acked;
    long received;
    long lost;
    long duplicated;
    long renamed;
    long reordered;
    long pause;
    long ackPause;
  }
}
