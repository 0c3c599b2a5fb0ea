package io.rookery.protocol.xml;

/**
 * Working memory shared by the readers of one thread, as an event loop: a reader needs it only
 * while it reads and while an element is incomplete, so idle connections hold none. Not
 * thread-safe.
 */
public final class ScannerPool {
  private ItemScanner spare;

  ItemScanner take() {
    ItemScanner scanner = spare == null ? new ItemScanner() : spare;
    spare = null;
    return scanner;
  }

  void give(ItemScanner scanner) {
    spare = scanner;
  }
}
