package io.rookery.router.paging;

import io.rookery.protocol.xml.Element;
import java.util.List;

/**
 * A page of a list that is known as a whole (XEP-0059).
 *
 * @param ids what is on the page, in the order of the list
 * @param index of the first in the list
 * @param count of the list
 */
public record Page(List<String> ids, int index, int count) {

  public Page {
    ids = List.copyOf(ids);
  }

  /** The page that is asked for; null when the id it begins or ends at is not in the list. */
  public static Page of(List<String> all, PageRequest request) {
    int from = 0;
    int to = all.size();
    if (isNamed(request.after())) {
      from = all.indexOf(request.after()) + 1;
      if (from == 0) {
        return null;
      }
    }
    if (isNamed(request.before())) {
      to = all.indexOf(request.before());
      if (to < 0) {
        return null;
      }
    }
    to = Math.max(from, to);
    if (request.isBackwards()) {
      from = Math.max(from, to - request.max());
    } else {
      to = Math.min(to, from + request.max());
    }
    return new Page(all.subList(from, to), from, all.size());
  }

  private static boolean isNamed(String id) {
    return id != null && !id.isEmpty();
  }

  /** What the page says of itself. */
  public Element described() {
    Element total = Element.of(PageRequest.NS, "count", Integer.toString(count));
    if (ids.isEmpty()) {
      return PageRequest.described().with(total);
    }
    Element first =
        Element.of(PageRequest.NS, "first", ids.get(0)).attribute("index", Integer.toString(index));
    Element last = Element.of(PageRequest.NS, "last", ids.get(ids.size() - 1));
    return PageRequest.described().with(first, last, total);
  }
}
