package io.rookery.standalone.fault.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The books of one run: for every flow from a sender to its recipient what was sent, acknowledged
 * by the server and received. Used by one thread. Times are those of {@link System#nanoTime}.
 */
public final class Ledger {
  private static final int EXAMPLES = 5;

  private final long run;
  private final Flow[] flows;
  private final Map<String, List<String>> examples = new LinkedHashMap<>();
  private long refused;
  private long unexpected;
  private long violations;
  private long resumptions;
  private long failedResumptions;

  /** What is known of one flow. */
  private static final class Flow {
    private final BitSet acked = new BitSet();
    private final BitSet received = new BitSet();
    private final Map<Integer, String> stanzaIds = new HashMap<>();
    private final Gap ackGap = new Gap();
    private final Gap receptionGap = new Gap();
    private int sent;
    private int highest = -1;
    private long duplicated;
    private long renamed;
    private long reordered;
  }

  /** The longest time without an event, from the first time something was due. */
  private static final class Gap {
    private long last;
    private boolean begun;
    private long longest;

    private void begin(long nanos) {
      if (!begun) {
        begun = true;
        last = nanos;
      }
    }

    private void event(long nanos) {
      begin(nanos);
      longest = Math.max(longest, nanos - last);
      last = nanos;
    }

    private long longest(boolean due, long now) {
      return due ? Math.max(longest, now - last) : longest;
    }
  }

  /**
   * @param run appears in the {@link Tag} of each message
   */
  public Ledger(long run, int flowCount) {
    this.run = run;
    flows = new Flow[flowCount];
    for (int i = 0; i < flowCount; i++) {
      flows[i] = new Flow();
    }
  }

  public long run() {
    return run;
  }

  public int flowCount() {
    return flows.length;
  }

  /** Enters one more message as sent; gives its sequence. */
  public int send(int flow, long nanos) {
    flows[flow].ackGap.begin(nanos);
    flows[flow].receptionGap.begin(nanos);
    return flows[flow].sent++;
  }

  /** The server has taken responsibility for a message. */
  public void acked(int flow, int sequence, long nanos) {
    flows[flow].acked.set(sequence);
    flows[flow].ackGap.event(nanos);
  }

  /**
   * A message has reached its recipient.
   *
   * @param stanzaId given by the server (XEP-0359); null without one
   */
  public void received(int flow, int sequence, String stanzaId, long nanos) {
    if (flow < 0 || flow >= flows.length || sequence >= flows[flow].sent) {
      unexpected("never sent: " + flow + ":" + sequence);
      return;
    }
    Flow of = flows[flow];
    if (of.received.get(sequence)) {
      repeated(of, flow, sequence, stanzaId);
      return;
    }
    of.received.set(sequence);
    of.receptionGap.event(nanos);
    if (stanzaId != null) {
      of.stanzaIds.put(sequence, stanzaId);
    }
    if (sequence < of.highest) {
      of.reordered++;
      example("reordered", flow + ":" + sequence + " after " + of.highest);
    }
    of.highest = Math.max(of.highest, sequence);
  }

  private void repeated(Flow of, int flow, int sequence, String stanzaId) {
    of.duplicated++;
    String first = of.stanzaIds.get(sequence);
    if (stanzaId != null && !stanzaId.equals(first)) {
      of.renamed++;
    }
    example("duplicate", flow + ":" + sequence + ", stanza-id " + first + " then " + stanzaId);
  }

  /** A message came back as an error. */
  public void refused(int flow, int sequence, String how) {
    refused++;
    example("refused", flow + ":" + sequence + ": " + how);
  }

  /** A reception that fits to nothing that was sent. */
  public void unexpected(String what) {
    unexpected++;
    example("unexpected", what);
  }

  /** The server breaks the protocol. */
  public void violation(String what) {
    violations++;
    example("violation", what);
  }

  public void resumed() {
    resumptions++;
  }

  public void resumptionFailed(String what) {
    failedResumptions++;
    example("resumption failed", what);
  }

  private void example(String kind, String text) {
    List<String> some = examples.computeIfAbsent(kind, k -> new ArrayList<>());
    if (some.size() < EXAMPLES) {
      some.add(kind + " " + text);
    }
  }

  /** Messages of a flow sent so far. */
  public int sent(int flow) {
    return flows[flow].sent;
  }

  /** Whether a message of the flow from this sequence on has arrived. */
  public boolean hasReceivedFrom(int flow, int sequence) {
    return flows[flow].highest >= sequence;
  }

  /** Whether the server has acknowledged the message. */
  public boolean isAcked(int flow, int sequence) {
    return flows[flow].acked.get(sequence);
  }

  /** The acknowledged sequences of a flow, as of now. */
  public BitSet acked(int flow) {
    return (BitSet) flows[flow].acked.clone();
  }

  /** How much of a flow has not been acknowledged or received, for the log; empty for nothing. */
  public String missing(int flow) {
    Flow of = flows[flow];
    int ackedUpTo = of.acked.nextClearBit(0);
    int receivedUpTo = of.received.nextClearBit(0);
    return ackedUpTo >= of.sent && receivedUpTo >= of.sent
        ? ""
        : "sent " + of.sent + ", acked up to " + ackedUpTo + ", received up to " + receivedUpTo;
  }

  /** Everything sent is acknowledged, and received. */
  public boolean isSettled() {
    for (Flow flow : flows) {
      if (flow.acked.cardinality() < flow.sent || flow.received.cardinality() < flow.sent) {
        return false;
      }
    }
    return true;
  }

  /** The balance as of now. */
  public Tally tally(long nanos) {
    Tally.Builder sum = new Tally.Builder();
    List<String> all = new ArrayList<>(examples.values().stream().flatMap(List::stream).toList());
    for (int i = 0; i < flows.length; i++) {
      Flow flow = flows[i];
      BitSet lost = (BitSet) flow.acked.clone();
      lost.andNot(flow.received);
      if (!lost.isEmpty()) {
        all.add("lost " + i + ":" + lost.stream().limit(EXAMPLES).boxed().toList());
      }
      sum.sent += flow.sent;
      sum.acked += flow.acked.cardinality();
      sum.received += flow.received.cardinality();
      sum.lost += lost.cardinality();
      sum.duplicated += flow.duplicated;
      sum.renamed += flow.renamed;
      sum.reordered += flow.reordered;
      boolean due = flow.received.cardinality() < flow.sent;
      sum.pause = Math.max(sum.pause, flow.receptionGap.longest(due, nanos));
      due = flow.acked.cardinality() < flow.sent;
      sum.ackPause = Math.max(sum.ackPause, flow.ackGap.longest(due, nanos));
    }
    return new Tally(
        sum.sent,
        sum.acked,
        sum.received,
        sum.lost,
        sum.duplicated,
        sum.renamed,
        sum.reordered,
        refused,
        unexpected,
        violations,
        resumptions,
        failedResumptions,
        Duration.ofNanos(sum.pause).toMillis(),
        Duration.ofNanos(sum.ackPause).toMillis(),
        all);
  }
}
