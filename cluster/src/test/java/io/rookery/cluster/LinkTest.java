package io.rookery.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.wire.WireFormatException;
import io.rookery.protocol.wire.WireMessage;
import io.rookery.protocol.wire.WireWriter;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Two links, and between them a wire that loses, doubles, delays and reorders. */
class LinkTest {
  private static final int FRAME = 1_000_000;
  private static final int WINDOW = 1000;
  private static final int WEIGHT = new ToRouter.SaslAbort(0).weight();
  private static final long REPEAT_AFTER = 1000;

  private record InTransit(long at, long order, Side to, Buffer bytes) {}

  private final PriorityQueue<InTransit> wire =
      new PriorityQueue<>(Comparator.comparingLong(InTransit::at).thenComparing(InTransit::order));
  private final Random random = new Random(42);
  private long now;
  private double loss;
  private double doubling;
  private int maxDelay;
  private int frames;
  private long transmitted;
  private final Side a = new Side("a");
  private final Side b = new Side("b");

  LinkTest() {
    a.peer = b;
    b.peer = a;
  }

  private final class Side {
    private final LoopAddress address;
    private final List<Long> got = new ArrayList<>();
    private Side peer;
    private Link link;
    private long sent;
    private long epochs;
    private boolean deaf;

    private Side(String node) {
      address = new LoopAddress(node, 0);
      link = newLink();
    }

    private Link newLink() {
      return new Link(address, () -> ++epochs, FRAME, WINDOW, this::transmit);
    }

    private void transmit(Buffer bytes) {
      frames++;
      for (int copies = random.nextDouble() < doubling ? 2 : 1; copies > 0; copies--) {
        if (random.nextDouble() >= loss) {
          wire.add(
              new InTransit(now + 1 + random.nextInt(maxDelay + 1), ++transmitted, peer, bytes));
        }
      }
    }

    private void send(int count) {
      for (int i = 0; i < count; i++) {
        link.enqueue(new ToRouter.SaslAbort(++sent));
      }
      link.flush(now);
    }

    private void arrives(Buffer bytes) {
      if (!deaf) {
        link.receive(decode(bytes), now).forEach(message -> got.add(number(message)));
        link.flush(now);
      }
    }
  }

  private static Frame decode(Buffer bytes) {
    return Frame.decode(
        bytes,
        unreadable -> {
          throw unreadable;
        });
  }

  private static void raw(WireWriter w, byte[] bytes) {
    w.raw(bytes, 0, bytes.length);
  }

  private static long number(WireMessage message) {
    return ((ToRouter.SaslAbort) message).stream();
  }

  private static List<Long> numbers(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  /** Lets time pass, with the ticks that a loop has. */
  private void run(long millis) {
    for (long end = now + millis; now < end; now++) {
      while (!wire.isEmpty() && wire.peek().at <= now) {
        InTransit next = wire.poll();
        next.to.arrives(next.bytes);
      }
      if (now % 50 == 0) {
        for (Side side : List.of(a, b)) {
          side.link.flush(now);
          side.link.tick(now, REPEAT_AFTER);
        }
      }
    }
  }

  @Test
  void everythingArrivesOnceAndInOrder() {
    for (double lost : new double[] {0, 0.05, 0.3, 0.6}) {
      loss = lost;
      doubling = lost / 2;
      maxDelay = 200;
      for (int i = 0; i < 300; i++) {
        a.send(random.nextInt(5));
        b.send(random.nextInt(3));
        run(random.nextInt(30));
      }
      loss = 0;
      doubling = 0;
      run(60_000);
      assertEquals(numbers(1, a.sent), b.got, "loss " + lost);
      assertEquals(numbers(1, b.sent), a.got, "loss " + lost);
      assertEquals(0, a.link.queuedBytes() + b.link.queuedBytes());
    }
  }

  @Test
  void aSilentPeerGetsNoMoreThanAWindow() {
    b.deaf = true;
    for (int i = 0; i < 500; i++) {
      a.send(1);
    }
    int first = frames;
    assertEquals(WINDOW / WEIGHT, first, "one message each, until the window is full");
    assertTrue(a.link.congested());
    run(2 * REPEAT_AFTER + 200);
    assertTrue(frames > first && frames <= 3 * first, frames + " after " + first);
    b.deaf = false;
    run(5 * REPEAT_AFTER);
    assertEquals(numbers(1, 500), b.got);
    assertFalse(a.link.congested());
    assertEquals(0, a.link.queuedBytes());
  }

  @Test
  void aFullWindowOpensWhenAllAcknowledgementsWereLost() {
    a.send(1);
    a.send(WINDOW / WEIGHT);
    a.deaf = true;
    run(REPEAT_AFTER / 2);
    assertEquals(numbers(1, a.sent), b.got);
    a.send(1);
    a.deaf = false;
    run(3 * REPEAT_AFTER);
    assertEquals(numbers(1, a.sent), b.got);
    assertEquals(0, a.link.queuedBytes());
  }

  @Test
  void whatIsBeingAcknowledgedIsNotRepeated() {
    maxDelay = 0;
    for (int i = 0; i < 100; i++) {
      a.send(1);
      run(REPEAT_AFTER / 4);
    }
    // One frame for each message, and at most one acknowledgement.
    assertTrue(frames <= 200, frames + " frames");
    run(10 * REPEAT_AFTER);
    assertTrue(frames <= 200, frames + " frames");
  }

  @Test
  void abandoningYieldsExactlyWhatIsUnconfirmed() {
    a.send(3);
    run(200);
    b.deaf = true;
    a.send(2);
    a.send(WINDOW / WEIGHT);
    a.send(4);
    run(5 * REPEAT_AFTER);
    assertEquals(numbers(4, a.sent), a.link.abandon().stream().map(LinkTest::number).toList());
    assertEquals(0, a.link.queuedBytes());
    assertEquals(List.of(), a.link.abandon());
  }

  @Test
  void aLaterEpochStartsAnewAndAnEarlierOneIsOver() {
    a.send(3);
    run(200);
    Buffer late = new Frame(a.address, 1, 4, 1, 0, List.of(new ToRouter.SaslAbort(99))).encode();
    a.link = a.newLink();
    a.send(2);
    run(200);
    assertEquals(numbers(1, 5), b.got);
    b.arrives(late);
    assertEquals(numbers(1, 5), b.got);
    b.send(1);
    run(3 * REPEAT_AFTER);
    assertEquals(0, a.link.queuedBytes(), "acknowledgements are for the epoch they name");
  }

  /** One side was told that the other is gone, and the other was not told anything. */
  @Test
  void aLinkThatOneSideForgotRecovers() {
    a.send(3);
    b.send(3);
    run(200);
    a.link = a.newLink();
    b.send(2);
    run(3 * REPEAT_AFTER);
    a.send(2);
    b.send(2);
    run(3 * REPEAT_AFTER);
    assertEquals(numbers(1, 5), b.got);
    assertEquals(numbers(1, 7), a.got);
    assertEquals(0, a.link.queuedBytes() + b.link.queuedBytes());
    int quiet = frames;
    run(10 * REPEAT_AFTER);
    assertEquals(quiet, frames, "neither answers the other for ever");
  }

  @Test
  void forgettingAgainAndAgainOnABadWireLosesNothingSentLater() {
    maxDelay = 200;
    for (int i = 0; i < 20; i++) {
      loss = 0.3;
      (i % 2 == 0 ? a : b).link.abandon();
      (i % 2 == 0 ? a : b).link = (i % 2 == 0 ? a : b).newLink();
      run(500);
      a.send(2);
      b.send(2);
      run(500);
    }
    loss = 0;
    run(10 * REPEAT_AFTER);
    a.got.clear();
    b.got.clear();
    long fromA = a.sent + 1;
    long fromB = b.sent + 1;
    a.send(3);
    b.send(3);
    run(5 * REPEAT_AFTER);
    assertEquals(numbers(fromA, a.sent), b.got);
    assertEquals(numbers(fromB, b.sent), a.got);
  }

  @Test
  void whatCannotBeReadIsLeftOutAndTheRestTaken() {
    WireWriter w = new WireWriter(64);
    raw(
        w,
        new Frame(a.address, 1, 1, 0, 0, List.of(new ToRouter.SaslAbort(1))).encode().getBytes());
    raw(w, new byte[] {0, 0, 0, 0, 0}); // a message without the fields it must have
    raw(w, new byte[] {(byte) 0xff, 0, 0, 0, 1, 7}); // of a type that is not known
    byte[] last =
        new Frame(a.address, 1, 2, 0, 0, List.of(new ToRouter.SaslAbort(2))).encode().getBytes();
    byte[] header = new Frame(a.address, 1, 2, 0, 0, List.of()).encode().getBytes();
    w.raw(last, header.length, last.length - header.length);
    List<RuntimeException> unreadable = new ArrayList<>();
    Frame frame = Frame.decode(Buffer.buffer(w.toByteArray()), unreadable::add);
    assertEquals(List.of(1L, 2L), frame.messages().stream().map(LinkTest::number).toList());
    assertEquals(1, unreadable.size(), unreadable.toString());
    assertEquals(2, b.link.receive(frame, now).size());
    run(200);
    assertTrue(frames > 0, "acknowledged");

    raw(w, new byte[] {0, 0, 0, 1, 0, 7}); // longer than what is there
    unreadable.clear();
    assertEquals(
        2, Frame.decode(Buffer.buffer(w.toByteArray()), unreadable::add).messages().size());
    assertEquals(2, unreadable.size());
    assertThrows(
        WireFormatException.class,
        () -> Frame.decode(Buffer.buffer(new byte[] {99}), unreadable::add));
  }

  @Test
  void whatWaitsIsCutIntoFrames() {
    List<Frame> frames = new ArrayList<>();
    Link link =
        new Link(new LoopAddress("a", 0), () -> 1, 3 * WEIGHT, WINDOW, b -> frames.add(decode(b)));
    for (int i = 1; i <= 7; i++) {
      link.enqueue(new ToRouter.SaslAbort(i));
    }
    link.flush(0);
    assertEquals(List.of(3, 3, 1), frames.stream().map(f -> f.messages().size()).toList());
    assertEquals(List.of(1L, 2L, 3L), frames.stream().map(Frame::sequence).toList());
  }
}
