package io.rookery.cluster;

import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.WireMessage;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The two directions between this loop and one loop of another node. The event bus may lose what is
 * in flight when a connection breaks; sequence numbers, acknowledgements and repetition make it
 * exactly once and in order for as long as both nodes live. What waits is bounded by a window.
 */
final class Link {
  /** Acknowledge at once after this many frames, otherwise with the next frame or timer. */
  private static final int ACK_EVERY = 16;

  private record Sent(long sequence, Buffer bytes, int weight, List<WireMessage> messages) {}

  private final LoopAddress self;
  private final Consumer<Buffer> wire;
  private final int frameBytes;
  private final int windowBytes;
  private final LongSupplier epochs;

  private ArrayDeque<Sent> unacked = new ArrayDeque<>();
  private List<WireMessage> waiting = new ArrayList<>();
  private int unackedBytes;
  private int waitingBytes;
  private long epoch;
  private long nextSequence = 1;
  private long oldestSentAt;

  /** What the other side had acknowledged of this epoch, and in which epoch of its own. */
  private long settled;

  private long settledIn;

  private long peerEpoch;
  private long received;
  private int unacknowledged;

  /**
   * @param epochs yields numbers that grow, beyond the life of this link
   */
  Link(
      LoopAddress self,
      LongSupplier epochs,
      int frameBytes,
      int windowBytes,
      Consumer<Buffer> wire) {
    this.self = self;
    this.epochs = epochs;
    this.epoch = epochs.getAsLong();
    this.frameBytes = frameBytes;
    this.windowBytes = windowBytes;
    this.wire = wire;
  }

  void enqueue(WireMessage message) {
    waiting.add(message);
    waitingBytes += message.weight();
  }

  /** True while more waits than one window. */
  boolean congested() {
    return waitingBytes > windowBytes;
  }

  int queuedBytes() {
    return waitingBytes + unackedBytes;
  }

  /** Sends what waits, as far as the window goes, and any acknowledgement that is due at once. */
  void flush(long now) {
    while (!waiting.isEmpty() && unackedBytes < windowBytes) {
      send(nextFrame(), now);
    }
    if (unacknowledged >= ACK_EVERY) {
      acknowledge();
    }
  }

  private void send(List<WireMessage> messages, long now) {
    if (unacked.isEmpty()) {
      oldestSentAt = now;
    }
    long sequence = nextSequence++;
    Sent sent = new Sent(sequence, frame(sequence, messages), weight(messages), messages);
    unacked.add(sent);
    unackedBytes += sent.weight;
    waitingBytes -= sent.weight;
    wire.accept(sent.bytes);
  }

  /** All that waits, or as much of it as a frame should hold: others want the wire, too. */
  private List<WireMessage> nextFrame() {
    List<WireMessage> next = waiting;
    if (waitingBytes <= frameBytes) {
      waiting = new ArrayList<>();
      return next;
    }
    int count = 0;
    for (int bytes = 0; count < next.size() && bytes < frameBytes; count++) {
      bytes += next.get(count).weight();
    }
    waiting = new ArrayList<>(next.subList(count, next.size()));
    return List.copyOf(next.subList(0, count));
  }

  private static int weight(List<WireMessage> messages) {
    int sum = 0;
    for (WireMessage message : messages) {
      sum += message.weight();
    }
    return sum;
  }

  private Buffer frame(long sequence, List<WireMessage> messages) {
    unacknowledged = 0;
    return new Frame(self, epoch, sequence, peerEpoch, received, messages).encode();
  }

  /** To be called a few times a second: late acknowledgements, and repetition of what got none. */
  void tick(long now, long repeatAfterMillis) {
    if (unacknowledged > 0) {
      acknowledge();
    }
    if (!unacked.isEmpty() && now - oldestSentAt > repeatAfterMillis) {
      oldestSentAt = now;
      unacked.forEach(sent -> wire.accept(sent.bytes));
    }
  }

  private void acknowledge() {
    wire.accept(frame(0, List.of()));
  }

  /**
   * Takes a frame from the other side; yields the messages to handle now, none for a repetition.
   */
  List<WireMessage> receive(Frame frame, long now) {
    if (frame.ackEpoch() == epoch) {
      settle(frame, now);
    }
    if (frame.epoch() > peerEpoch) {
      peerEpoch = frame.epoch();
      received = 0;
    }
    if (frame.sequence() == 0 || frame.epoch() < peerEpoch) {
      return List.of();
    }
    unacknowledged++;
    if (frame.sequence() != received + 1) {
      return List.of(); // a repetition, or one is missing and will be repeated with this one
    }
    received++;
    return frame.messages();
  }

  private void settle(Frame frame, long now) {
    if (frame.ack() < settled) {
      if (frame.epoch() > settledIn) {
        startAnew(now);
      }
      return;
    }
    settled = frame.ack();
    settledIn = Math.max(settledIn, frame.epoch());
    while (!unacked.isEmpty() && unacked.peek().sequence <= settled) {
      unackedBytes -= unacked.poll().weight;
      oldestSentAt = now;
    }
  }

  /**
   * The other side has forgotten this link, and expects the first frame of an epoch that it does
   * not know: it gets what it had not confirmed, numbered anew.
   */
  private void startAnew(long now) {
    ArrayDeque<Sent> again = unacked;
    unacked = new ArrayDeque<>();
    epoch = epochs.getAsLong();
    nextSequence = 1;
    settled = 0;
    unackedBytes = 0;
    for (Sent sent : again) {
      waitingBytes += sent.weight;
      send(sent.messages, now);
    }
  }

  /** Everything the other side has not confirmed, in order: the node is gone. */
  List<WireMessage> abandon() {
    List<WireMessage> all = new ArrayList<>();
    unacked.forEach(sent -> all.addAll(sent.messages));
    all.addAll(waiting);
    unacked.clear();
    waiting = new ArrayList<>();
    unackedBytes = 0;
    waitingBytes = 0;
    return all;
  }
}
