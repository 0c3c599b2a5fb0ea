package io.rookery.cluster;

import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.WireMessage;

/** A loop's connections to the loops of other nodes. */
public interface Links {

  /** No other nodes. */
  Links NONE =
      new Links() {
        @Override
        public void send(LoopAddress to, WireMessage message) {
          throw new IllegalStateException("no such node: " + to);
        }

        @Override
        public void flush() {
          // nothing is ever waiting
        }

        @Override
        public boolean congested() {
          return false;
        }
      };

  /** Keeps the message for the next {@link #flush}. */
  void send(LoopAddress to, WireMessage message);

  /** Sends what has gathered, one frame per destination. */
  void flush();

  /** See {@link Bus#congested}. */
  boolean congested();
}
