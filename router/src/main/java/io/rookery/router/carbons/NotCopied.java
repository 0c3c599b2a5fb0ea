package io.rookery.router.carbons;

import io.rookery.protocol.jid.Jid;
import io.rookery.router.extension.AccountKey;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The last messages of an account that were not copied, as far as errors may answer them. In memory
 * only: when there were too many, or the owner has changed, {@link Eligibility} decides alone.
 */
final class NotCopied {
  static final AccountKey<NotCopied> KEY = new AccountKey<>(NotCopied::new);

  private static final int MAX = 100;
  private static final int MAX_ID = 200;

  private record Message(boolean sent, Jid other, String id) {}

  private final Set<Message> last =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Message, Boolean> eldest) {
              return size() > MAX;
            }
          });

  /**
   * @param other who got it, or has sent it
   * @param id null for none: then no error names it
   */
  void add(boolean sent, Jid other, String id) {
    if (id != null && id.length() <= MAX_ID) {
      last.add(new Message(sent, other.bare(), id));
    }
  }

  boolean has(boolean sent, Jid other, String id) {
    return id != null && !last.isEmpty() && last.contains(new Message(sent, other.bare(), id));
  }
}
