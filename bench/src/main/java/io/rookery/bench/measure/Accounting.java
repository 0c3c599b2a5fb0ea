package io.rookery.bench.measure;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Accounts for every message of a run by flow and sequence: sent, delivered, returned as an error,
 * delivered again, never sent. What was sent and neither delivered nor returned is lost.
 */
public final class Accounting {
  private final Flow[] flows;
  private long sent;
  private long delivered;
  private long duplicated;
  private long bounced;
  private long unknown;

  public Accounting(int flowCount) {
    flows = new Flow[flowCount];
    for (int i = 0; i < flowCount; i++) {
      flows[i] = new Flow();
    }
  }

  /** Counts one more message as sent; the result is its sequence. */
  public int send(int flow) {
    sent++;
    return flows[flow].sent++;
  }

  /** Counts an arrival; true when it is the first of this message. */
  public boolean deliver(int flow, int sequence) {
    if (!isSent(flow, sequence)) {
      unknown++;
      return false;
    }
    if (flows[flow].delivered.get(sequence)) {
      duplicated++;
      return false;
    }
    flows[flow].delivered.set(sequence);
    delivered++;
    return true;
  }

  /** Counts a message that came back as an error; true when it is the first time. */
  public boolean bounce(int flow, int sequence) {
    if (!isSent(flow, sequence) || flows[flow].bounced.get(sequence)) {
      unknown++;
      return false;
    }
    flows[flow].bounced.set(sequence);
    bounced++;
    return true;
  }

  private boolean isSent(int flow, int sequence) {
    return flow >= 0 && flow < flows.length && sequence >= 0 && sequence < flows[flow].sent;
  }

  public long sent() {
    return sent;
  }

  public long delivered() {
    return delivered;
  }

  /** Messages on their way, as far as is known: an upper bound of {@link #settle}'s lost. */
  public long outstanding() {
    return sent - delivered - bounced;
  }

  /** The balance; exact, at a cost that grows with the number of messages. */
  public Balance settle() {
    long lost = 0;
    List<String> examples = new ArrayList<>();
    for (int i = 0; i < flows.length; i++) {
      BitSet settled = (BitSet) flows[i].delivered.clone();
      settled.or(flows[i].bounced);
      lost += flows[i].sent - settled.cardinality();
      int missing = settled.nextClearBit(0);
      while (missing < flows[i].sent && examples.size() < Balance.EXAMPLES) {
        examples.add(i + ":" + missing);
        missing = settled.nextClearBit(missing + 1);
      }
    }
    return new Balance(sent, delivered, lost, duplicated, bounced, unknown, List.copyOf(examples));
  }

  /**
   * How the messages of a run ended.
   *
   * @param unknown arrivals that were never sent, and errors that came twice
   * @param lostExamples some of the lost ones as {@code flow:sequence}
   */
  public record Balance(
      long sent,
      long delivered,
      long lost,
      long duplicated,
      long bounced,
      long unknown,
      List<String> lostExamples) {
    static final int EXAMPLES = 20;

    /** Whether every message arrived exactly once. */
    public boolean isClean() {
      return lost == 0 && duplicated == 0 && bounced == 0 && unknown == 0;
    }
  }

  private static final class Flow {
    private final BitSet delivered = new BitSet();
    private final BitSet bounced = new BitSet();
    private int sent;
  }
}
