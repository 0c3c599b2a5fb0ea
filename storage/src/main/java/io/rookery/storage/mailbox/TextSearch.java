package io.rookery.storage.mailbox;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.xml.Element;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * XEP-0431: Full Text Search in MAM. Strings that the body of a message has to contain, all of
 * them, in any order and also within words: not every language puts spaces between them. Neither
 * case counts nor how a character is encoded. Of a message that was encrypted end to end there is
 * no text, whatever its body says. Of a long body only the beginning counts.
 *
 * @param words of a search, folded
 * @param most entries that are looked at in vain; then a page ends with what it has
 */
public record TextSearch(List<String> words, int most) {
  private static final String ENCRYPTION = "urn:xmpp:eme:0"; // XEP-0380

  /** Of a body, in UTF-16 units: many are looked at in a tick of an event loop. */
  private static final int MAX_BODY = 4_000;

  public TextSearch {
    words = List.copyOf(words);
  }

  /**
   * @param text words with spaces between them; without any, everything is found
   */
  public static TextSearch of(String text, int most) {
    List<String> words =
        Arrays.stream(fold(text).split("[\\s\\p{Z}]+"))
            .filter(word -> !word.isEmpty())
            .distinct()
            .toList();
    return new TextSearch(words, most);
  }

  /** Of compatible characters one, and of all cases one: upper case first merges more of them. */
  private static String fold(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC)
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT);
  }

  private static String beginning(String text) {
    return text.length() > MAX_BODY ? text.substring(0, MAX_BODY) : text;
  }

  /** Whether one of the bodies has all of the words. */
  boolean isIn(MailboxEntry entry) {
    byte[] stanza = entry.stanza();
    Element message = Element.parse(stanza, 0, stanza.length, Namespaces.CLIENT);
    return message.child(ENCRYPTION, "encryption") == null
        && message.children(Namespaces.CLIENT, "body").stream()
            .map(body -> fold(beginning(body.text())))
            .anyMatch(body -> words.stream().allMatch(body::contains));
  }
}
