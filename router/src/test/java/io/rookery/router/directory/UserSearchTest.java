package io.rookery.router.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.command.Stage;
import io.rookery.router.dispatch.Extensions;
import io.rookery.router.dispatch.IqDispatcher;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.form.Form;
import io.rookery.router.form.Submission;
import io.rookery.router.login.Owner;
import io.rookery.router.pubsub.NodeChange;
import io.rookery.router.pubsub.NodeListener;
import io.rookery.router.pubsub.PersonalAccount;
import io.rookery.router.session.Given;
import io.rookery.router.session.Retries;
import io.rookery.storage.blocking.BlockList;
import io.rookery.storage.blocking.BlockLists;
import io.rookery.storage.directory.DirectoryEntry;
import io.rookery.storage.directory.DirectoryField;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserSearchTest {
  private static final String NODE = "urn:xmpp:vcard4";
  private static final Jid CAPULET = Jid.parse("capulet.example");
  private static final Jid PHONE = Given.JULIET.withResource("phone");
  private static final String VCARD =
      "<vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'><fn><text>Juliet C.</text></fn>"
          + "<n><surname>Capulet</surname><given>Juliet</given></n>"
          + "<nickname><text>Jules</text></nickname><email><text>j@example.org</text></email>"
          + "</vcard>";

  private final Vertx vertx = Vertx.vertx();
  private final PersonalAccount juliet = new PersonalAccount();
  private final Owner.SetClock clock = new Owner.SetClock();
  private final MemoryDirectory directory = new MemoryDirectory();
  private final Map<Jid, BlockList> blocked = new HashMap<>();
  private final List<NodeChange> told = new ArrayList<>();
  private final DirectoryListing listing =
      new DirectoryListing(
          directory,
          juliet.publications(),
          new Retries(
              vertx, () -> CompletableFuture.completedFuture(null), new SimpleMeterRegistry()),
          new First());
  private final UserSearch search = search(true);

  private final class First implements NodeListener {
    @Override
    public Set<String> nodes() {
      return Set.of(NODE);
    }

    @Override
    public Future<List<Effect>> changed(AccountView account, NodeChange change) {
      told.add(change);
      return Future.succeededFuture(List.of(new Effect.SetPhoto("photo")));
    }
  }

  private final class Lists implements BlockLists {
    @Override
    public Future<BlockList> load(Jid user) {
      throw new AssertionError("nobody is loaded");
    }

    @Override
    public Future<Map<Jid, BlockList>> of(Collection<Jid> users) {
      Map<Jid, BlockList> of = new HashMap<>(blocked);
      of.keySet().retainAll(users);
      return Future.succeededFuture(of);
    }

    @Override
    public Future<Void> save(Jid user, BlockList list) {
      throw new AssertionError("nothing is written");
    }

    @Override
    public Future<Void> delete(Jid user) {
      throw new AssertionError("nothing is written");
    }
  }

  private UserSearch search(boolean enabled) {
    return new UserSearch(enabled, directory, listing, new Lists(), clock);
  }

  @AfterEach
  void close() {
    juliet.close();
    vertx.close();
  }

  private void entry(String name, String first, String last) {
    Jid owner = Jid.parse(name + "@capulet.example");
    directory.put(
        new DirectoryEntry(
            owner,
            Map.of(DirectoryField.FIRST, List.of(first), DirectoryField.LAST, List.of(last))));
  }

  private IqReply asks(StanzaType type, Jid from, String content) {
    Element query = Element.parse("<query xmlns='jabber:iq:search'>" + content + "</query>");
    Stanza iq = Stanza.of(type, from, CAPULET, "1", query);
    return new IqDispatcher(new Extensions(List.of(search)))
        .answer(iq, IqTarget.SERVER, juliet.account(), null)
        .result();
  }

  private IqReply searches(String content) {
    return asks(StanzaType.IQ_SET, PHONE, content);
  }

  private static String form(String... fields) {
    StringBuilder form =
        new StringBuilder(
            "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>"
                + "<value>jabber:iq:search</value></field>");
    for (int i = 0; i < fields.length; i += 2) {
      form.append("<field var='").append(fields[i]).append("'><value>");
      form.append(fields[i + 1]).append("</value></field>");
    }
    return form.append("</x>").toString();
  }

  private static List<String> found(IqReply reply) {
    assertNull(reply.error());
    Element form = reply.payload().child(Form.NS, "x");
    Stream<String> all =
        form == null
            ? reply.payload().children("jabber:iq:search", "item").stream()
                .map(item -> item.attribute("jid"))
            : form.children(Form.NS, "item").stream()
                .map(item -> item.children().get(0).child(Form.NS, "value").text());
    return all.map(jid -> Jid.parse(jid).local()).toList();
  }

  private static String condition(IqReply reply) {
    return reply.error() == null ? "none" : reply.error().condition().xmlName();
  }

  @Test
  void itIsOnlyThereWhenItIsSwitchedOn() {
    assertTrue(search.manifest().serverFeatures().contains("jabber:iq:search"));
    UserSearch off = search(false);
    assertEquals(List.of(), off.manifest().serverFeatures());
    assertEquals(List.of(), off.manifest().iqRoutes());
    assertEquals(List.of(), off.commands());
    assertEquals(55, off.manifest().xep());
  }

  @Test
  void theFieldsAreToldInBothWays() {
    Element query = asks(StanzaType.IQ_GET, PHONE, "").payload();
    for (String field : List.of("instructions", "first", "last", "nick", "email")) {
      assertEquals(1, query.children("jabber:iq:search", field).size(), field);
    }
    assertEquals(
        List.of("FORM_TYPE", "x-user", "first", "last", "nick", "email"),
        query.child(Form.NS, "x").children(Form.NS, "field").stream()
            .map(field -> field.attribute("var"))
            .toList());
  }

  @Test
  void whoMatchesAllFieldsIsFound() {
    entry("juliet", "Juliet", "Capulet");
    entry("tybalt", "Tybalt", "Capulet");
    directory.put(new DirectoryEntry(Jid.parse("julia@montague.example"), Map.of()));
    assertEquals(List.of("juliet", "tybalt"), found(searches("<last>capu</last>")));
    assertEquals(
        List.of("tybalt"), found(searches("<last>capulet</last><first>tyb</first><nick/>")));
    assertEquals(DirectoryField.LAST, directory.last.field(), "the longest is looked for");
    assertEquals(List.of("juliet"), found(searches(form("x-user", "Jul", "last", "Capulet"))));
    assertEquals(List.of(), found(searches("<last>cap</last><nick>jules</nick>")));
  }

  @Test
  void theAnswerIsOfTheKindOfTheQuestion() {
    juliet.publishes(NODE, "current", VCARD, "open");
    listing.list(juliet.account());
    Element item = searches("<nick>jul</nick>").payload().children().get(0);
    assertEquals(
        "<item xmlns='jabber:iq:search' jid='juliet@capulet.example'><first>Juliet</first>"
            + "<last>Capulet</last><nick>Jules</nick><email>j@example.org</email></item>",
        item.toString().replace('"', '\''));
    Element form = searches(form("nick", "juliet c.")).payload().child(Form.NS, "x");
    assertEquals("result", form.attribute("type"));
    assertEquals(
        List.of("jid", "first", "last", "nick", "email"),
        form.child(Form.NS, "reported").children().stream().map(f -> f.attribute("var")).toList());
    assertEquals(
        List.of("juliet@capulet.example", "Juliet", "Capulet", "Jules", "j@example.org"),
        form.child(Form.NS, "item").children().stream()
            .map(field -> field.child(Form.NS, "value").text())
            .toList());
    Element nobody = searches(form("nick", "romeo")).payload();
    assertEquals(List.of(), nobody.children());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<x xmlns='jabber:x:data' type='submit'/>",
        "<x xmlns='jabber:x:data' type='cancel'><field var='FORM_TYPE'>"
            + "<value>jabber:iq:search</value></field></x>",
        "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>urn:x</value></field>"
            + "<field var='last'><value>cap</value></field></x>",
        "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>"
            + "<value>jabber:iq:search</value></field>"
            + "<field var='last'><value>a</value><value>b</value></field></x>",
        "<last>capulet</last><last>montague</last>",
        "<last>cap</last><set xmlns='http://jabber.org/protocol/rsm'><max>x</max></set>",
      })
  void whatMakesNoSenseIsRefused(String content) {
    assertEquals("bad-request", condition(searches(content)));
  }

  @Test
  void aSearchForNothingOrByOthersIsRefused() {
    entry("juliet", "Juliet", "Capulet");
    assertEquals("bad-request", condition(searches("<last>" + "x".repeat(1024) + "</last>")));
    for (String nothing : List.of("", "<last/>", "<last> </last>", form("last", ""))) {
      assertEquals("not-acceptable", condition(searches(nothing)));
    }
    Jid romeo = Given.ROMEO;
    assertEquals("forbidden", condition(asks(StanzaType.IQ_SET, romeo, "<last>cap</last>")));
    assertEquals("forbidden", condition(asks(StanzaType.IQ_GET, romeo, "")));
  }

  @Test
  void whoIsBlockedDoesNotFindTheOther() {
    entry("juliet", "Juliet", "Capulet");
    entry("tybalt", "Tybalt", "Capulet");
    blocked.put(Jid.parse("tybalt@capulet.example"), new BlockList(Set.of(Given.JULIET)));
    blocked.put(Given.JULIET, new BlockList(Set.of(CAPULET)));
    assertEquals(List.of("juliet"), found(searches("<last>cap</last>")));
  }

  @Test
  void resultsAreFewAndInPages() {
    for (int i = 100; i < 100 + 2 * UserSearch.MAX_FOUND; i++) {
      entry("user" + i, "Juliet", "Capulet");
    }
    List<String> all = found(searches("<last>cap</last>"));
    assertEquals(UserSearch.MAX_FOUND, all.size());
    String set = "<last>cap</last><set xmlns='http://jabber.org/protocol/rsm'><max>2</max>%s</set>";
    IqReply page = searches(set.formatted("<after>user101@capulet.example</after>"));
    assertEquals(List.of("user102", "user103"), found(page));
    Element described = page.payload().child("http://jabber.org/protocol/rsm", "set");
    assertEquals(
        Integer.toString(UserSearch.MAX_FOUND),
        described.child("http://jabber.org/protocol/rsm", "count").text());
    assertEquals("item-not-found", condition(searches(set.formatted("<after>nobody@x</after>"))));
    assertEquals("feature-not-implemented", condition(searches(set.formatted("<index>0</index>"))));
  }

  @Test
  void whoSearchesTooOftenWaits() {
    for (int i = 0; i < SearchAllowance.AT_ONCE; i++) {
      assertEquals("none", condition(searches("<last>cap</last>")));
    }
    IqReply refused = searches("<last>cap</last>");
    assertEquals("policy-violation", condition(refused));
    assertEquals(StanzaError.Type.WAIT, refused.error().type());
    clock.now += SearchAllowance.EACH.toMillis();
    assertEquals("none", condition(searches("<last>cap</last>")));
    assertEquals("policy-violation", condition(searches("<last>cap</last>")));
    clock.now += 100 * SearchAllowance.EACH.toMillis();
    for (int i = 0; i < SearchAllowance.AT_ONCE; i++) {
      assertEquals("none", condition(searches("<last>cap</last>")));
    }
    assertEquals("policy-violation", condition(searches("<last>cap</last>")));
  }

  private Stage executes(Boolean listed) {
    Stanza iq = Stanza.of(StanzaType.IQ_SET, PHONE, CAPULET, "1");
    IqRequest request = new IqRequest(iq, null, IqTarget.SERVER, juliet.account(), null, 0);
    Stage.Ask ask = (Stage.Ask) search.commands().get(0).start().take(request, null).result();
    if (listed == null) {
      return ask;
    }
    Submission answers = new Submission(Map.of("listed", List.of(listed.toString())));
    return ask.then().take(request, answers).result();
  }

  @Test
  void nobodyIsFoundWhoDoesNotWantToBe() {
    juliet.publishes(NODE, "current", VCARD, "open");
    listing.written(juliet.account(), null, null);
    assertEquals(List.of(), found(searches("<nick>jules</nick>")));
    assertTrue(executes(null).toString().contains("You cannot be found now"));
    executes(true);
    assertEquals(List.of("juliet"), found(searches("<nick>jules</nick>")));
    assertTrue(executes(null).toString().contains("You can be found now"));
    executes(false);
    assertEquals(List.of(), found(searches("<nick>jules</nick>")));
    assertFalse(directory.entries.containsKey(Given.JULIET));
  }

  @Test
  void onlyWhatEverybodyMayReadIsTold() {
    juliet.publishes(NODE, "current", VCARD, "presence");
    executes(true);
    assertEquals(List.of(), found(searches("<nick>jules</nick>")));
    assertEquals(List.of("juliet"), found(searches(form("x-user", "juliet"))));
    juliet.opens(NODE, "open");
    List<Effect> effects = changed();
    assertEquals(List.of(new Effect.SetPhoto("photo")), effects, "the conversion is not left out");
    assertEquals(List.of("juliet"), found(searches("<nick>jules</nick>")));
    juliet.opens(NODE, "whitelist");
    changed();
    assertEquals(List.of(), found(searches("<nick>jules</nick>")));
    assertEquals(2, told.size());
  }

  private List<Effect> changed() {
    NodeChange change = new NodeChange(NODE, true, null, List.of(), false, false);
    return listing.changed(juliet.account(), change).result();
  }

  @Test
  void ofAHugeVcardOnlySomeIsTold() {
    String many = "<nickname><text>jules%d</text></nickname>";
    StringBuilder vcard = new StringBuilder("<vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'>");
    vcard.append("<fn/><n><given>").append("x".repeat(101)).append("</given></n>");
    for (int i = 0; i < 100; i++) {
      vcard.append(many.formatted(i));
    }
    juliet.publishes(NODE, "current", vcard.append("</vcard>").toString(), "open");
    executes(true);
    Map<DirectoryField, List<String>> values = directory.entries.get(Given.JULIET).values();
    assertEquals(Set.of(DirectoryField.NICK), values.keySet());
    assertEquals(5, values.get(DirectoryField.NICK).size());
    juliet.publishes(NODE, "current", "<x xmlns='urn:x'/>", null);
    executes(true);
    assertEquals(Map.of(), directory.entries.get(Given.JULIET).values());
  }
}
