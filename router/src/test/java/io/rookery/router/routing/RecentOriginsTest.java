package io.rookery.router.routing;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RecentOriginsTest {
  private final RecentOrigins origins = new RecentOrigins();

  @Test
  void whatIsRememberedIsForgottenAfterTwoTurns() {
    origins.add(5);
    origins.rotate();
    assertTrue(origins.contains(5));
    origins.rotate();
    assertFalse(origins.contains(5));
  }

  @Test
  void nothingHasNoName() {
    origins.add(0);
    assertFalse(origins.contains(0));
  }

  @Test
  void manyNeighboursAreToldApart() {
    for (long origin = 1; origin <= 100_000; origin++) {
      origins.add(origin * 2);
    }
    for (long origin = 1; origin <= 100_000; origin++) {
      assertTrue(origins.contains(origin * 2));
      assertFalse(origins.contains(origin * 2 + 1));
    }
  }

  @Test
  void onlySoManyAreRemembered() {
    for (long origin = 1; origin <= 3 << 18; origin++) {
      origins.add(origin);
    }
    assertTrue(origins.contains(3 << 18));
    assertTrue(origins.contains((1 << 18) + 1));
    assertFalse(origins.contains(1 << 18));
  }
}
