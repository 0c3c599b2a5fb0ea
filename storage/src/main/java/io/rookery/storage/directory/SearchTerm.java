package io.rookery.storage.directory;

import java.text.Normalizer;
import java.util.Locale;

/**
 * What is looked for in a field.
 *
 * @param key in the form that equal values share; not empty
 */
public record SearchTerm(DirectoryField field, String key) {
  /** So many characters find what begins with them; fewer only what is the same. */
  public static final int PREFIX = 3;

  public SearchTerm {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("nothing to look for");
    }
  }

  /** Whether the values looked for have more characters at their end; never those of addresses. */
  public boolean isPrefix() {
    return field != DirectoryField.EMAIL && key.codePointCount(0, key.length()) >= PREFIX;
  }

  public boolean matches(DirectoryEntry entry) {
    return entry.keys(field).stream()
        .anyMatch(one -> isPrefix() ? one.startsWith(key) : one.equals(key));
  }

  /** The form that is compared: without regard to case, width and spaces around. */
  public static String key(String value) {
    String folded = Normalizer.normalize(value, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    return Normalizer.normalize(folded, Normalizer.Form.NFKC).strip();
  }
}
