package io.rookery.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class AccountingTest {
  private final Accounting accounting = new Accounting(2);

  @Test
  void everyMessageOnceIsClean() {
    for (int i = 0; i < 1000; i++) {
      accounting.deliver(i % 2, accounting.send(i % 2));
    }
    assertEquals(new Accounting.Balance(1000, 1000, 0, 0, 0, 0, List.of()), accounting.settle());
    assertTrue(accounting.settle().isClean());
  }

  @Test
  void eachWayToEndIsTold() {
    for (int i = 0; i < 5; i++) {
      accounting.send(1);
    }
    assertTrue(accounting.deliver(1, 0));
    assertFalse(accounting.deliver(1, 0));
    assertTrue(accounting.bounce(1, 1));
    assertFalse(accounting.bounce(1, 1));
    assertTrue(accounting.deliver(1, 4));
    assertFalse(accounting.deliver(1, 5));
    assertFalse(accounting.deliver(0, 0));
    assertFalse(accounting.deliver(2, 0));
    assertEquals(2, accounting.outstanding());
    assertEquals(
        new Accounting.Balance(5, 2, 2, 1, 1, 4, List.of("1:2", "1:3")), accounting.settle());
    assertFalse(accounting.settle().isClean());
  }
}
