package io.rookery.standalone.portable;

import io.vertx.core.Future;
import java.util.function.Function;
import java.util.function.Supplier;

/** Where goes what was read of one account. */
interface Destination {

  /** Nowhere: to see what a file has. */
  Destination NONE =
      new Destination() {
        @Override
        public void write(int bytes, Supplier<Future<Void>> write) {
          // Only read.
        }

        @Override
        public void finish(Function<Boolean, Future<Void>> last) {
          // Only read.
        }
      };

  /**
   * Writes a part, in any order with others; waits while too much is under way.
   *
   * @param write can be repeated
   */
  void write(int bytes, Supplier<Future<Void>> write)
      throws TransferException, InterruptedException;

  /**
   * Ends the account.
   *
   * @param last what is written when everything else is; told whether the account was there,
   *     complete, before the import. Can be repeated
   */
  void finish(Function<Boolean, Future<Void>> last) throws TransferException, InterruptedException;
}
