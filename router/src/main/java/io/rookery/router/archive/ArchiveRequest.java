package io.rookery.router.archive;

import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.storage.mailbox.ArchiveQuery;
import java.util.Set;

/** What a client asks of its archive. */
sealed interface ArchiveRequest {

  /**
   * A page.
   *
   * @param named ids that have to be in the archive
   * @param flipped the last entry of the page goes first (XEP-0313, section 4.3.4)
   * @param none the client wants no entries, only to know whether there are any
   * @param id what the client calls the query, or null
   */
  record Page(ArchiveQuery query, Set<Long> named, boolean flipped, boolean none, String id)
      implements ArchiveRequest {}

  /** Not to be answered. */
  record Refused(Condition condition) implements ArchiveRequest {}
}
