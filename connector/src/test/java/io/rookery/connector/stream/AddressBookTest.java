package io.rookery.connector.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.connector.ConnectorConfig.AddressLimits;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AddressBookTest {
  private final SetClock clock = new SetClock();
  private final AddressBook book =
      new AddressBook(new AddressLimits(2, 3, Duration.ofMinutes(10)), clock);

  @Test
  void connectionsAreCounted() {
    assertTrue(book.opened("192.0.2.1"));
    assertTrue(book.opened("192.0.2.1"));
    assertFalse(book.opened("192.0.2.1"));
    assertTrue(book.opened("192.0.2.2"));
    assertEquals(2, book.size());
    book.closed("192.0.2.1");
    assertTrue(book.opened("192.0.2.1"));
    book.closed("192.0.2.1");
    book.closed("192.0.2.1");
    book.closed("192.0.2.2");
    assertEquals(0, book.size());
  }

  @Test
  void ofIpv6TheNetworkCounts() {
    assertTrue(book.opened("2001:db8:0:1::1"));
    assertTrue(book.opened("2001:db8:0:1:ffff::2"));
    assertFalse(book.opened("2001:db8:0:1::3"));
    assertTrue(book.opened("2001:db8:0:2::1"));
  }

  @Test
  void failedLoginsAreForgivenAfterTheWindow() {
    for (int i = 0; i < 3; i++) {
      assertTrue(book.mayLogIn("192.0.2.1"));
      book.loginFailed("192.0.2.1");
      clock.now += Duration.ofMinutes(2).toMillis();
    }
    assertFalse(book.mayLogIn("192.0.2.1"));
    assertTrue(book.mayLogIn("192.0.2.2"));
    clock.now += Duration.ofMinutes(4).toMillis();
    assertTrue(book.mayLogIn("192.0.2.1"));
    book.loginFailed("192.0.2.1");
    assertTrue(book.mayLogIn("192.0.2.1"), "a new window");
  }
}
