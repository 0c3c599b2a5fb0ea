package io.rookery.storage.directory;

import java.util.Locale;

/** What users are found by. */
public enum DirectoryField {
  /** The user name, which every entry has. */
  USER,
  FIRST,
  LAST,
  NICK,
  EMAIL;

  /** The name by which it is stored. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
