package io.rookery.cluster;

import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.WireCodec;
import io.rookery.protocol.wire.WireFormatException;
import io.rookery.protocol.wire.WireMessage;
import io.rookery.protocol.wire.WireReader;
import io.rookery.protocol.wire.WireWriter;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What goes from one loop to another in one piece: the messages of a tick.
 *
 * @param from the sending loop
 * @param epoch names the sender's run of sequence numbers; a greater one replaces a lesser one. A
 *     count: the sender's node has another id whenever it starts anew
 * @param sequence of this frame, from 1; 0 for a frame that only acknowledges
 * @param ackEpoch epoch of the frames being acknowledged
 * @param ack all frames up to this sequence have arrived
 */
record Frame(
    LoopAddress from,
    long epoch,
    long sequence,
    long ackEpoch,
    long ack,
    List<WireMessage> messages) {

  /** Frames of older versions cannot be read. */
  static final int OLDEST_VERSION = WireCodec.VERSION;

  /** Type and length of a message. */
  private static final int PREFIX = 5;

  Buffer encode() {
    WireWriter w = new WireWriter(256);
    w.u8(WireCodec.VERSION);
    w.string(from.node());
    w.number(from.loop());
    w.number(epoch);
    w.number(sequence);
    w.number(ackEpoch);
    w.number(ack);
    for (WireMessage message : messages) {
      WireCodec.write(w, message);
    }
    return Buffer.buffer(w.toByteArray());
  }

  /**
   * Reads a frame. Of its messages those that cannot be read are left out, and nothing else: they
   * could not be read when the frame is repeated, either.
   *
   * @param unreadable told why
   * @throws WireFormatException when it is not known whose frame it is
   */
  static Frame decode(Buffer buffer, Consumer<RuntimeException> unreadable) {
    byte[] bytes = buffer.getBytes();
    WireReader r = new WireReader(bytes, 0, bytes.length);
    int version = r.u8();
    if (version < OLDEST_VERSION || version > WireCodec.VERSION) {
      throw new WireFormatException("wire version " + version);
    }
    LoopAddress from = new LoopAddress(r.string(), (int) r.number());
    long epoch = r.number();
    long sequence = r.number();
    long ackEpoch = r.number();
    long ack = r.number();
    return new Frame(from, epoch, sequence, ackEpoch, ack, messages(bytes, r, unreadable));
  }

  private static List<WireMessage> messages(
      byte[] bytes, WireReader header, Consumer<RuntimeException> unreadable) {
    List<WireMessage> messages = new ArrayList<>();
    int position = header.position();
    while (position < bytes.length) {
      int size = size(bytes, position);
      if (size > bytes.length - position) {
        unreadable.accept(new WireFormatException("truncated"));
        break;
      }
      try {
        WireMessage message = WireCodec.read(new WireReader(bytes, position, size));
        if (message != null) {
          messages.add(message);
        }
      } catch (RuntimeException e) {
        unreadable.accept(e);
      }
      position += size;
    }
    return messages;
  }

  /** Of a message with its type and length, see {@link WireCodec}; too large when it has none. */
  private static int size(byte[] bytes, int position) {
    if (bytes.length - position < PREFIX) {
      return Integer.MAX_VALUE;
    }
    int length = ByteBuffer.wrap(bytes).getInt(position + 1);
    return length < 0 || length > bytes.length ? Integer.MAX_VALUE : PREFIX + length;
  }
}
