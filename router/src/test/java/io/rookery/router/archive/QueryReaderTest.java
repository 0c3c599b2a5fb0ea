package io.rookery.router.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.xml.Element;
import io.rookery.storage.mailbox.TextSearch;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queries as clients write them, and as nobody should. */
class QueryReaderTest {
  private static final String OURS = "FORM_TYPE=urn:xmpp:mam:2";

  private static ArchiveRequest read(String content) {
    return QueryReader.read(
        Element.parse("<query xmlns='urn:xmpp:mam:2'>" + content + "</query>"), 100);
  }

  private static ArchiveRequest.Page page(String content) {
    return (ArchiveRequest.Page) read(content);
  }

  private static String form(String... fields) {
    StringBuilder form = new StringBuilder("<x xmlns='jabber:x:data' type='submit'>");
    for (String field : fields) {
      int equals = field.indexOf('=');
      form.append("<field var='").append(field, 0, equals).append("'>");
      for (String value : field.substring(equals + 1).split(",")) {
        form.append("<value>").append(value).append("</value>");
      }
      form.append("</field>");
    }
    return form.append("</x>").toString();
  }

  private static String set(String content) {
    return "<set xmlns='http://jabber.org/protocol/rsm'>" + content + "</set>";
  }

  @Test
  void aSearchIsForFoldedWords() {
    String field = "{urn:xmpp:fulltext:0}fulltext=";
    assertEquals(
        new TextSearch(List.of("strasse", "ok"), 100),
        page(form(OURS, field + "  Straße  OK ok ")).query().text());
    assertNull(page(form(OURS, field + " ")).query().text());
    assertNull(page(form(OURS)).query().text());
    Condition tooMuch = Condition.POLICY_VIOLATION;
    assertEquals(
        new ArchiveRequest.Refused(tooMuch), read(form(OURS, field + "1 2 3 4 5 6 7 8 9")));
    assertEquals(new ArchiveRequest.Refused(tooMuch), read(form(OURS, field + "x".repeat(257))));
    String query = "<query xmlns='urn:xmpp:mam:2'>" + form(OURS, field + "x") + "</query>";
    assertEquals(
        new ArchiveRequest.Refused(Condition.FEATURE_NOT_IMPLEMENTED),
        QueryReader.read(Element.parse(query), 0));
  }

  @Test
  void nothingSaidIsTheFirstPageOfEverything() {
    ArchiveRequest.Page page = page("");
    assertEquals(0, page.query().after());
    assertEquals(Long.MAX_VALUE, page.query().before());
    assertEquals(QueryReader.USUAL_PAGE, page.query().limit());
    assertNull(page.query().with());
    assertNull(page.query().ids());
    assertNull(page.id());
    assertFalse(page.query().backwards() || page.flipped() || page.none());
  }

  @Test
  void everyFieldCounts() {
    ArchiveRequest.Page page =
        page(
            form(
                    OURS,
                    "with=romeo@montague.example",
                    "start=1970-01-01T00:00:01Z",
                    "end=1970-01-01T01:00:02.5+01:00",
                    "ids=70000000,80000000",
                    "include-groupchat=true")
                + "<flip-page/>");
    assertEquals((1000L << 16) - 1, page.query().after());
    assertEquals(2501L << 16, page.query().before());
    assertEquals(Jid.parse("romeo@montague.example"), page.query().with());
    assertEquals(new TreeSet<>(Set.of(70000000L, 80000000L)), page.query().ids());
    assertEquals(Set.of(70000000L, 80000000L), page.named());
    assertTrue(page.flipped());
  }

  @Test
  void theNarrowestBoundCounts() {
    ArchiveRequest.Page page =
        page(
            form(OURS, "after-id=10", "before-id=100", "start=1969-01-01T00:00:00Z")
                + set("<after>20</after><before>90</before><max>5</max>"));
    assertEquals(20, page.query().after());
    assertEquals(90, page.query().before());
    assertEquals(5, page.query().limit());
    assertTrue(page.query().backwards());
    assertEquals(Set.of(10L, 20L, 90L, 100L), page.named());
  }

  @Test
  void timesFarAwayAreNoBounds() {
    ArchiveRequest.Page page =
        page(form(OURS, "start=-99999-01-01T00:00:00Z", "end=+999999999-01-01T00:00:00Z"));
    assertEquals(0, page.query().after());
    assertTrue(page.query().before() > 1L << 60);
    page = page(form(OURS, "start=+999999999-01-01T00:00:00Z", "end=-999999999-01-01T00:00:00Z"));
    assertTrue(page.query().after() > 1L << 60);
    assertEquals(0, page.query().before());
    page = page(form(OURS, "start=1970-01-01T00:00:01.0001Z", "end=1970-01-01T00:00:01.0001Z"));
    assertEquals((1001L << 16) - 1, page.query().after());
    assertEquals(1001L << 16, page.query().before());
  }

  @ParameterizedTest
  @CsvSource({
    "<max>0</max>, 1, true",
    "<max>1</max>, 1, false",
    "<max> 7 </max>, 7, false",
    "<max>251</max>, 250, false",
    "<max>99999999999999999999</max>, 250, false",
    "<before/>, 50, false",
  })
  void theClientSaysHowMany(String set, int limit, boolean none) {
    ArchiveRequest.Page page = page(set(set));
    assertEquals(limit, page.query().limit());
    assertEquals(none, page.none());
  }

  @Test
  void anEmptyBeforeIsTheLastPageAndNeedsNoId() {
    ArchiveRequest.Page page = page(set("<before/>"));
    assertTrue(page.query().backwards());
    assertEquals(Long.MAX_VALUE, page.query().before());
    assertEquals(Set.of(), page.named());
  }

  @Test
  void fieldsWithoutValueSayNothing() {
    ArchiveRequest.Page page =
        page(
            "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>urn:xmpp:mam:2"
                + "</value></field><field var='with'/><field var='end'><value/></field>"
                + "<field var='ids'/></x>");
    assertNull(page.query().with());
    assertNull(page.query().ids());
    assertEquals(Long.MAX_VALUE, page.query().before());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<max>-1</max>|BAD_REQUEST",
        "<max>many</max>|BAD_REQUEST",
        "<max/>|BAD_REQUEST",
        "<max>1</max><index>0</index>|FEATURE_NOT_IMPLEMENTED",
        "<after>unknown</after>|ITEM_NOT_FOUND",
        "<after>-5</after>|ITEM_NOT_FOUND",
        "<after>0</after>|ITEM_NOT_FOUND",
        "<before>18446744073709551615</before>|ITEM_NOT_FOUND",
        "<before>007</before>|ITEM_NOT_FOUND",
      })
  void pagesThatAreNone(String set, Condition condition) {
    assertEquals(new ArchiveRequest.Refused(condition), read(set(set)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "with=@@|JID_MALFORMED",
        "with=a@b,c@d|BAD_REQUEST",
        "start=yesterday|BAD_REQUEST",
        "end=2026-13-01T00:00:00Z|BAD_REQUEST",
        "after-id=x|ITEM_NOT_FOUND",
        "before-id=99999999999999999999|ITEM_NOT_FOUND",
        "ids=1,x|ITEM_NOT_FOUND",
        "include-groupchat=maybe|BAD_REQUEST",
        "{http://example.com/}free-text-search=love|FEATURE_NOT_IMPLEMENTED",
      })
  void fieldsThatAreNone(String field, Condition condition) {
    assertEquals(new ArchiveRequest.Refused(condition), read(form(OURS, field)));
  }

  @Test
  void otherFormsAreRefused() {
    ArchiveRequest bad = new ArchiveRequest.Refused(Condition.BAD_REQUEST);
    assertEquals(bad, read(form("with=a@b")));
    assertEquals(bad, read(form("FORM_TYPE=urn:xmpp:mam:1")));
    assertEquals(bad, read(form(OURS, OURS)));
    assertEquals(bad, read(form(OURS, "with=a@b", "with=c@d")));
    assertEquals(bad, read(form(OURS).replace("submit", "cancel")));
  }

  @Test
  void whatIsLongIsRefused() {
    String ids =
        IntStream.range(1, 252).mapToObj(Integer::toString).collect(Collectors.joining(","));
    assertEquals(
        new ArchiveRequest.Refused(Condition.POLICY_VIOLATION), read(form(OURS, "ids=" + ids)));
    Element query = Element.of("urn:xmpp:mam:2", "query").attribute("queryid", "q".repeat(257));
    assertEquals(new ArchiveRequest.Refused(Condition.BAD_REQUEST), QueryReader.read(query, 100));
  }
}
