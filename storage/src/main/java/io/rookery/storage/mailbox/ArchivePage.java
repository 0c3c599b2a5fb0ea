package io.rookery.storage.mailbox;

import java.util.List;

/**
 * Some entries of an archive.
 *
 * @param entries oldest first, whatever the direction
 * @param complete nothing else was asked for in the direction of the query
 */
public record ArchivePage(List<MailboxEntry> entries, boolean complete) {
  public ArchivePage {
    entries = List.copyOf(entries);
  }
}
