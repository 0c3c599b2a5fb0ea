package io.rookery.storage.cassandra;

import io.rookery.protocol.jid.Jid;
import java.time.Duration;

/**
 * The clustering key of {@code mailbox}. Positive ones are ids of entries. Negative ones are the
 * index of a week by the other side: a hash of it, then what the id has beyond the week's first. So
 * the entries with one other side are neighbours there, in the order of their ids (docs/adr/0012).
 * Different others may have one hash; who reads has to look at the entry.
 */
final class MailboxKeys {
  private static final long BUCKET_MILLIS = Duration.ofDays(7).toMillis();

  /** A week's ids: 30 bits of milliseconds and 16 more. */
  private static final int ID_BITS = 46;

  private static final int HASHES = (1 << Long.SIZE - 1 - ID_BITS) - 1;

  private MailboxKeys() {}

  /** The week of an id. */
  static int bucket(long id) {
    return (int) ((id >>> 16) / BUCKET_MILLIS);
  }

  private static long first(int bucket) {
    return bucket * BUCKET_MILLIS << 16;
  }

  /** The key in the index; peer is a bare address. */
  static long index(Jid peer, long id) {
    return base(peer) + id - first(bucket(id));
  }

  /** The id of an index key in a bucket. */
  static long id(int bucket, long index) {
    return first(bucket) + (index & (1L << ID_BITS) - 1);
  }

  /** An exclusive lower bound on ids as one on index keys of a bucket. */
  static long indexAfter(Jid peer, int bucket, long after) {
    return bucket(after) < bucket ? base(peer) - 1 : index(peer, after);
  }

  /** The same for an upper bound. */
  static long indexBefore(Jid peer, int bucket, long before) {
    return bucket(before) > bucket ? base(peer) + (1L << ID_BITS) : index(peer, before);
  }

  /** The hash is part of what is stored: it must not change. */
  private static long base(Jid peer) {
    int mixed = peer.toString().hashCode() * 0x9E3779B1;
    long hash = 1 + Integer.remainderUnsigned(mixed ^ mixed >>> 16, HASHES);
    return Long.MIN_VALUE + (hash << ID_BITS);
  }
}
