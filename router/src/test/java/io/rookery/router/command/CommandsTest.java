package io.rookery.router.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.disco.Disco;
import io.rookery.router.dispatch.Extensions;
import io.rookery.router.dispatch.IqDispatcher;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.form.Field;
import io.rookery.router.form.Form;
import io.rookery.router.form.Submission;
import io.rookery.router.login.Owner;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** XEP-0050: request in, reply out. */
class CommandsTest {
  private static final Jid PHONE = Given.JULIET.withResource("phone");
  private static final Jid SERVER = Jid.parse("capulet.example");
  private static final Form WHO =
      new Form(null, "Who", "Who", List.of(Field.required("who", Field.Kind.LINE, "Who")));

  private final Owner.SetClock clock = new Owner.SetClock();
  private final LiveAccount juliet = Given.account(Given.JULIET, true);
  private final List<String> said = new ArrayList<>();
  private int sessions;
  private final Commands commands =
      new Commands(
          List.of(
              new Command("hello", "Say hello", user -> true, (r, none) -> say("hello")),
              new Command(
                  "tell",
                  "Tell somebody",
                  user -> true,
                  (r, none) -> Future.succeededFuture(new Stage.Ask(WHO, false, this::what))),
              new Command("secret", "Secret", user -> false, (r, none) -> say("secret")),
              new Command(
                  "broken", "Broken", user -> true, (r, none) -> Future.failedFuture("broken")),
              new Command(
                  "refusing",
                  "Refusing",
                  user -> true,
                  (r, none) ->
                      Future.succeededFuture(Stage.Refused.with(Condition.CONFLICT, "not today")))),
          () -> "session" + ++sessions,
          clock);
  private final IqDispatcher dispatcher =
      new IqDispatcher(new Extensions(List.of(commands, new Disco(List.of(commands)))));

  private Future<Stage> say(String what) {
    said.add(what);
    return Future.succeededFuture(Stage.Done.saying(what));
  }

  private Future<Stage> what(IqRequest request, Submission who) {
    Form what =
        new Form(null, "What", "What", List.of(Field.required("what", Field.Kind.LINE, "What")));
    return Future.succeededFuture(
        Stage.Ask.last(what, (r, answers) -> say(who.one("who") + ": " + answers.one("what"))));
  }

  private IqReply reply(Jid from, String command) {
    Element element = Element.parse("<command xmlns='" + Commands.NS + "' " + command);
    Stanza iq = Stanza.of(StanzaType.IQ_SET, from, SERVER, "1", element);
    return dispatcher.answer(iq, IqTarget.SERVER, juliet, null).result();
  }

  private String outcome(String command) {
    IqReply reply = reply(PHONE, command);
    if (reply.error() == null) {
      return reply.payload().attribute("status");
    }
    String specific = reply.error().application();
    return specific == null ? reply.error().condition().xmlName() : Element.parse(specific).name();
  }

  private static String form(String var, String value) {
    return "<x xmlns='jabber:x:data' type='submit'><field var='"
        + (var + "'><value>" + value + "</value></field></x></command>");
  }

  private IqReply disco(String namespace, String node) {
    Element query = Element.of(namespace, "query").attribute("node", node);
    Stanza iq = Stanza.of(StanzaType.IQ_GET, PHONE, SERVER, "1", query);
    return dispatcher.answer(iq, IqTarget.SERVER, juliet, null).result();
  }

  @Test
  void aCommandWithoutAFormIsDoneAtOnce() {
    Element command = reply(PHONE, "node='hello'/>").payload();
    assertEquals("completed", command.attribute("status"));
    assertEquals("hello", command.attribute("node"));
    assertEquals("hello", command.child(Commands.NS, "note").text());
    assertEquals(List.of("hello"), said);
  }

  @Test
  void stagesFollowEachOther() {
    Element first = reply(PHONE, "node='tell' action='execute'/>").payload();
    assertEquals("executing", first.attribute("status"));
    Element actions = first.child(Commands.NS, "actions");
    assertEquals("next", actions.attribute("execute"));
    assertEquals(1, actions.children().size());
    Element second =
        reply(PHONE, "node='tell' sessionid='session1' action='next'>" + form("who", "nurse"))
            .payload();
    Element more = second.child(Commands.NS, "actions");
    assertEquals("complete", more.attribute("execute"));
    assertEquals(List.of("prev", "complete"), more.children().stream().map(Element::name).toList());
    assertEquals("completed", outcome("node='tell' sessionid='session1'>" + form("what", "wait")));
    assertEquals(List.of("nurse: wait"), said);
    assertEquals(
        "session-expired", outcome("node='tell' sessionid='session1'>" + form("what", "wait")));
  }

  @Test
  void oneCanGoBackAndCancel() {
    assertEquals("executing", outcome("node='tell'/>"));
    assertEquals("bad-action", outcome("node='tell' sessionid='session1' action='prev'/>"));
    assertEquals("executing", outcome("node='tell' sessionid='session1'>" + form("who", "a")));
    assertEquals("executing", outcome("node='tell' sessionid='session1' action='prev'/>"));
    assertEquals("executing", outcome("node='tell' sessionid='session1'>" + form("who", "b")));
    assertEquals("completed", outcome("node='tell' sessionid='session1'>" + form("what", "x")));
    assertEquals(List.of("b: x"), said);
    assertEquals("executing", outcome("node='tell'/>"));
    assertEquals("canceled", outcome("node='tell' sessionid='session2' action='cancel'/>"));
    assertEquals(
        "session-expired", outcome("node='tell' sessionid='session2'>" + form("who", "a")));
  }

  @Test
  void aWrongFormCanBeCorrected() {
    assertEquals("executing", outcome("node='tell'/>"));
    assertEquals("bad-payload", outcome("node='tell' sessionid='session1'/>"));
    assertEquals("bad-payload", outcome("node='tell' sessionid='session1'>" + form("x", "a")));
    assertEquals(
        "bad-action",
        outcome("node='tell' sessionid='session1' action='complete'>" + form("who", "a")));
    assertEquals("executing", outcome("node='tell' sessionid='session1'>" + form("who", "a")));
  }

  @ParameterizedTest
  @CsvSource({
    "node='unknown'/>, item-not-found",
    "action='execute'/>, bad-request",
    "node='secret'/>, forbidden",
    "node='hello' action='dance'/>, malformed-action",
    "node='hello' action='EXECUTE'/>, malformed-action",
    "node='hello' action='complete'/>, bad-action",
    "node='hello' sessionid='guessed'/>, bad-sessionid",
    "node='hello' sessionid='' action='cancel'/>, bad-sessionid",
    "node='broken'/>, internal-server-error",
    "node='refusing'/>, conflict",
  })
  void whatCannotBeDone(String command, String expected) {
    assertEquals(expected, outcome(command));
    assertEquals(List.of(), said);
  }

  @Test
  void aSessionBelongsToItsRequesterAndCommand() {
    assertEquals("executing", outcome("node='tell'/>"));
    assertEquals("bad-sessionid", outcome("node='hello' sessionid='session1'/>"));
    IqReply other =
        reply(
            Given.JULIET.withResource("laptop"),
            "node='tell' sessionid='session1'>" + form("who", "a"));
    assertEquals(Condition.BAD_REQUEST, other.error().condition());
    assertEquals("executing", outcome("node='tell' sessionid='session1'>" + form("who", "a")));
  }

  @Test
  void sessionsExpire() {
    assertEquals("executing", outcome("node='tell'/>"));
    clock.now += Commands.TIMEOUT.toMillis();
    assertEquals(
        "session-expired", outcome("node='tell' sessionid='session1'>" + form("who", "a")));
  }

  @Test
  void ofTooManySessionsTheOldestExpires() {
    for (int i = 0; i <= Sessions.MAX; i++) {
      assertEquals("executing", outcome("node='tell'/>"));
    }
    assertEquals(
        "session-expired", outcome("node='tell' sessionid='session1'>" + form("who", "a")));
    assertEquals("executing", outcome("node='tell' sessionid='session2'>" + form("who", "a")));
  }

  @Test
  void onlyWhatOneMayDoIsListed() {
    Element list = disco(Disco.ITEMS, Commands.NS).payload();
    assertEquals(Commands.NS, list.attribute("node"));
    assertEquals(
        List.of("hello", "tell", "broken", "refusing"),
        list.children().stream().map(item -> item.attribute("node")).toList());
    assertEquals("capulet.example", list.children().get(0).attribute("jid"));
    assertEquals("Say hello", list.children().get(0).attribute("name"));
  }

  @Test
  void commandsAreDescribed() {
    Element hello = disco(Disco.INFO, "hello").payload();
    Element identity = hello.child(Disco.INFO, "identity");
    assertEquals("automation", identity.attribute("category"));
    assertEquals("command-node", identity.attribute("type"));
    assertEquals(2, hello.children(Disco.INFO, "feature").size());
    assertEquals(
        "command-list",
        disco(Disco.INFO, Commands.NS).payload().child(Disco.INFO, "identity").attribute("type"));
    assertEquals(Condition.FORBIDDEN, disco(Disco.INFO, "secret").error().condition());
    assertEquals(Condition.FORBIDDEN, disco(Disco.ITEMS, "secret").error().condition());
    assertEquals(Condition.ITEM_NOT_FOUND, disco(Disco.INFO, "unknown").error().condition());
    assertNull(disco(Disco.ITEMS, "hello").error());
  }

  @Test
  void twoCommandsOfOneNodeAreABug() {
    Command hello = new Command("hello", "Hello", user -> true, (r, none) -> say("hello"));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Commands(List.of(hello, hello), () -> "id", clock));
    assertNotEquals(0, commands.manifest().serverNodes().size());
  }
}
