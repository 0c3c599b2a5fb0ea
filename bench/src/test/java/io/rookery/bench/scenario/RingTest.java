package io.rookery.bench.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RingTest {
  @Test
  void contactsAreMutualAndDistinct() {
    Ring ring = new Ring(11, 10);
    for (int user = 0; user < 11; user++) {
      Set<Integer> contacts = new HashSet<>();
      for (int slot = 0; slot < 10; slot++) {
        int contact = ring.contact(user, slot);
        contacts.add(contact);
        assertEquals(slot, ring.slot(user, contact));
        assertTrue(ring.slot(contact, user) >= 0);
      }
      assertEquals(10, contacts.size());
      assertEquals(-1, ring.slot(user, user));
    }
  }

  @Test
  void othersHaveNoSlot() {
    Ring ring = new Ring(100, 4);
    assertEquals(-1, ring.slot(0, 3));
    assertEquals(-1, ring.slot(0, 97));
    assertEquals(3, ring.slot(0, 98));
  }
}
