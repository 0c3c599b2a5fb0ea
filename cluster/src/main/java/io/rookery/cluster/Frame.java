package io.rookery.cluster;

import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.WireCodec;
import io.rookery.protocol.wire.WireFormatException;
import io.rookery.protocol.wire.WireMessage;
import io.rookery.protocol.wire.WireReader;
import io.rookery.protocol.wire.WireWriter;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What goes from one loop to another in one piece: the messages of a tick.
 *
 * @param from the sending loop
 * @param epoch names the sender's run of sequence numbers; a greater one replaces a lesser one
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
   * @throws WireFormatException when the bytes are not a frame of this version
   */
  static Frame decode(Buffer buffer) {
    byte[] bytes = buffer.getBytes();
    WireReader r = new WireReader(bytes, 0, bytes.length);
    int version = r.u8();
    if (version != WireCodec.VERSION) {
      throw new WireFormatException("wire version " + version);
    }
    LoopAddress from = new LoopAddress(r.string(), (int) r.number());
    long epoch = r.number();
    long sequence = r.number();
    long ackEpoch = r.number();
    long ack = r.number();
    List<WireMessage> messages = new ArrayList<>();
    while (r.hasMore()) {
      WireMessage message = WireCodec.read(r);
      if (message != null) {
        messages.add(message);
      }
    }
    return new Frame(from, epoch, sequence, ackEpoch, ack, messages);
  }
}
