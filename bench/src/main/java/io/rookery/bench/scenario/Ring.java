package io.rookery.bench.scenario;

/**
 * Who is whose contact: users stand in a ring, each the contact of its nearest neighbours, half of
 * them on either side. A user's contacts have slots from 0, first those that follow it.
 *
 * @param friends contacts of each user, even and fewer than users
 */
record Ring(int users, int friends) {
  /** The contact of a user in a slot. */
  int contact(int user, int slot) {
    int half = friends / 2;
    int distance = slot < half ? slot + 1 : half - slot - 1;
    return Math.floorMod(user + distance, users);
  }

  /** The slot in which a user has another, or -1. */
  int slot(int user, int other) {
    int half = friends / 2;
    int ahead = Math.floorMod(other - user, users);
    if (ahead >= 1 && ahead <= half) {
      return ahead - 1;
    }
    int behind = users - ahead;
    return behind >= 1 && behind <= half ? half + behind - 1 : -1;
  }

  /** The number of a user's slot among those of all users. */
  int flow(int user, int slot) {
    return user * friends + slot;
  }
}
