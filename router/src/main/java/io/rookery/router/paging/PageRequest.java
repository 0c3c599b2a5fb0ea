package io.rookery.router.paging;

import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.xml.Element;

/**
 * XEP-0059: Result Set Management, version 1.0: the page a client asks for.
 *
 * @param max items at most; a huge number is the limit of the server, 0 asks for none
 * @param after the last item before the page; null or empty for none
 * @param before the first item behind it, empty for the last page; null when not paging backwards
 * @param refusal why there is no such page, otherwise null
 */
public record PageRequest(int max, String after, String before, Condition refusal) {
  public static final String NS = "http://jabber.org/protocol/rsm";

  /**
   * Reads the request in an element.
   *
   * @param usual items of a page when the client does not say
   * @param most items of a page, whatever the client says
   */
  public static PageRequest in(Element query, int usual, int most) {
    Element set = query.child(NS, "set");
    if (set == null) {
      return new PageRequest(usual, null, null, null);
    }
    if (set.child(NS, "index") != null) {
      return refused(Condition.FEATURE_NOT_IMPLEMENTED); // section 2.5: as there is no count
    }
    String max = text(set, "max");
    if (max != null && !max.matches("\\d+")) {
      return refused(Condition.BAD_REQUEST);
    }
    int items = max == null ? usual : max.length() > 9 ? most : Integer.parseInt(max);
    return new PageRequest(Math.min(items, most), text(set, "after"), text(set, "before"), null);
  }

  private static PageRequest refused(Condition condition) {
    return new PageRequest(0, null, null, condition);
  }

  private static String text(Element set, String name) {
    Element child = set.child(NS, name);
    return child == null ? null : child.text().strip();
  }

  public boolean isBackwards() {
    return before != null;
  }

  /** What a page without items says of itself. */
  public static Element described() {
    return Element.of(NS, "set");
  }

  /** What a page says of itself. The number of all items is not known. */
  public static Element described(String first, String last) {
    return described().with(Element.of(NS, "first", first)).with(Element.of(NS, "last", last));
  }
}
