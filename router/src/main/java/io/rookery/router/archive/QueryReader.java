package io.rookery.router.archive;

import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.xml.Element;
import io.rookery.router.paging.PageRequest;
import io.rookery.storage.mailbox.ArchiveQuery;
import io.rookery.storage.mailbox.TextSearch;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Reads one query of an archive (XEP-0313, section 4). The first thing wrong with it counts. */
final class QueryReader {
  static final int USUAL_PAGE = 50;
  static final int MAX_PAGE = 250;
  private static final int MAX_IDS = 250;

  /** Of a search, in UTF-16 units and in words. */
  private static final int MAX_TEXT = 256;

  private static final int MAX_WORDS = 8;

  /** It comes with every entry of the page. */
  private static final int MAX_QUERY_ID = 256;

  /** Ids hold no later time, XEP-0082 does. In seconds since 1970. */
  private static final long END_OF_TIME = 1L << 36;

  private final Set<String> fields = new HashSet<>();
  private final Set<Long> named = new HashSet<>();
  private long after;
  private long before = Long.MAX_VALUE;
  private Jid with;
  private SortedSet<Long> ids;
  private TextSearch text;
  private Condition refusal;
  private final int searched;

  private QueryReader(int searched) {
    this.searched = searched;
  }

  /**
   * @param searched messages that a search for text looks at in vain at most; 0 when there is none
   */
  static ArchiveRequest read(Element query, int searched) {
    return new QueryReader(searched).request(query);
  }

  private ArchiveRequest request(Element query) {
    String id = query.attribute("queryid");
    if (query.attribute("node") != null) {
      refuse(Condition.FEATURE_NOT_IMPLEMENTED);
    } else if (id != null && id.length() > MAX_QUERY_ID) {
      refuse(Condition.BAD_REQUEST);
    }
    Element form = query.child(QueryForm.FORMS, "x");
    if (form != null) {
      form(form);
    }
    PageRequest page = PageRequest.in(query, USUAL_PAGE, MAX_PAGE);
    page(page);
    if (refusal != null) {
      return new ArchiveRequest.Refused(refusal);
    }
    ArchiveQuery wanted =
        new ArchiveQuery(
            after, before, with, ids, page.isBackwards(), Math.max(1, page.max()), text);
    boolean flipped = query.child(MessageArchive.NS, "flip-page") != null;
    return new ArchiveRequest.Page(wanted, named, flipped, page.max() == 0, id);
  }

  private void refuse(Condition condition) {
    refusal = refusal == null ? condition : refusal;
  }

  private void page(PageRequest page) {
    if (page.refusal() != null) {
      refuse(page.refusal());
      return;
    }
    if (page.after() != null && !page.after().isEmpty()) {
      after = Math.max(after, named(page.after()));
    }
    if (page.before() != null && !page.before().isEmpty()) {
      before = Math.min(before, named(page.before()));
    }
  }

  private void form(Element form) {
    List<Element> all = form.children(QueryForm.FORMS, "field");
    boolean ours =
        all.stream()
            .anyMatch(
                field ->
                    "FORM_TYPE".equals(field.attribute("var"))
                        && QueryForm.values(field).equals(List.of(MessageArchive.NS)));
    if (!ours || !"submit".equals(form.attribute("type"))) {
      refuse(Condition.BAD_REQUEST);
    }
    all.forEach(this::field);
  }

  /** A field without a value says nothing: some clients send the whole form back. */
  private void field(Element field) {
    String name = field.attribute("var");
    List<String> values = QueryForm.values(field);
    if (name == null || !fields.add(name)) {
      refuse(Condition.BAD_REQUEST);
    } else if (name.equals("ids")) {
      ids(values);
    } else if (values.size() > 1) {
      refuse(Condition.BAD_REQUEST);
    } else {
      field(name, values.isEmpty() ? "" : values.get(0));
    }
  }

  private void field(String name, String value) {
    boolean empty = value.isEmpty();
    switch (name) {
      case "FORM_TYPE" -> {
        // seen to by form()
      }
      case "with" -> with = empty ? null : address(value);
      case "start" -> after = empty ? after : Math.max(after, start(value));
      case "end" -> before = empty ? before : Math.min(before, end(value));
      case "after-id" -> after = empty ? after : Math.max(after, named(value));
      case "before-id" -> before = empty ? before : Math.min(before, named(value));
      case "include-groupchat" -> {
        // messages of rooms are in the archives of the rooms
        if (!empty && !value.matches("true|false|1|0")) {
          refuse(Condition.BAD_REQUEST);
        }
      }
      case QueryForm.FULL_TEXT -> text(value);
      default -> refuse(Condition.FEATURE_NOT_IMPLEMENTED);
    }
  }

  private void text(String value) {
    TextSearch wanted = TextSearch.of(value.length() > MAX_TEXT ? "" : value, searched);
    if (searched == 0) {
      refuse(Condition.FEATURE_NOT_IMPLEMENTED);
    } else if (value.length() > MAX_TEXT || wanted.words().size() > MAX_WORDS) {
      refuse(Condition.POLICY_VIOLATION);
    } else {
      text = wanted.words().isEmpty() ? null : wanted;
    }
  }

  private Jid address(String value) {
    try {
      return Jid.parse(value);
    } catch (InvalidJidException e) {
      refuse(Condition.JID_MALFORMED);
      return null;
    }
  }

  private void ids(List<String> values) {
    if (values.size() > MAX_IDS) {
      refuse(Condition.POLICY_VIOLATION);
    } else if (!values.isEmpty()) {
      ids = new TreeSet<>();
      values.forEach(value -> ids.add(named(value)));
    }
  }

  /** An id that has to be in the archive; what is none is not. */
  private long named(String value) {
    try {
      long id = Long.parseUnsignedLong(value);
      if (id > 0 && Long.toUnsignedString(id).equals(value)) {
        named.add(id);
        return id;
      }
    } catch (NumberFormatException e) {
      // answered below: it is not the id of anything
    }
    refuse(Condition.ITEM_NOT_FOUND);
    return 0;
  }

  /** The last id before a time. */
  private long start(String value) {
    Instant time = time(value);
    long millis = time.getNano() % 1_000_000 == 0 ? time.toEpochMilli() : time.toEpochMilli() + 1;
    return Math.max(0, (millis << 16) - 1);
  }

  /** The first id after a time. */
  private long end(String value) {
    return Math.max(0, time(value).toEpochMilli() + 1 << 16);
  }

  /** XEP-0082, section 3.2. */
  private Instant time(String value) {
    try {
      Instant time = OffsetDateTime.parse(value).toInstant();
      return Instant.ofEpochSecond(
          Math.max(-1, Math.min(END_OF_TIME, time.getEpochSecond())), time.getNano());
    } catch (DateTimeException e) {
      refuse(Condition.BAD_REQUEST);
      return Instant.EPOCH;
    }
  }
}
