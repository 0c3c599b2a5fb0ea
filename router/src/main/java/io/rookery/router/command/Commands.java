package io.rookery.router.command;

import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.command.Sessions.Session;
import io.rookery.router.extension.AccountKey;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.rookery.router.form.Form;
import io.rookery.router.form.Submission;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * XEP-0050: Ad-Hoc Commands, of the server's address. What the commands are is said by their {@link
 * Command}s; here are their lists, sessions and stages.
 */
public final class Commands implements Extension {
  public static final String NS = "http://jabber.org/protocol/commands";

  /** A stage that nobody goes on with ends the command. */
  static final Duration TIMEOUT = Duration.ofMinutes(10);

  private static final AccountKey<Sessions> SESSIONS = new AccountKey<>(Sessions::new);

  private final Map<String, Command> byNode = new LinkedHashMap<>();
  private final Supplier<String> ids;
  private final Clock clock;

  /**
   * @param commands in the order in which they are listed
   * @param ids of sessions, hard to guess
   * @throws IllegalArgumentException when two commands have one node
   */
  public Commands(Collection<Command> commands, Supplier<String> ids, Clock clock) {
    for (Command command : commands) {
      if (byNode.put(command.node(), command) != null) {
        throw new IllegalArgumentException("two commands " + command.node());
      }
    }
    this.ids = ids;
    this.clock = clock;
  }

  @Override
  public Manifest manifest() {
    CommandDiscovery discovery = new CommandDiscovery(byNode);
    return Manifest.of(50, "1.3.0", "Ad-Hoc Commands")
        .serverFeature(NS)
        .serverNodes(discovery::knows, discovery::answer)
        .iq(StanzaType.IQ_SET, NS, "command", IqTarget.SERVER, this::execute);
  }

  private Future<IqReply> execute(IqRequest request) {
    String node = request.query().attribute("node");
    Command command = node == null ? null : byNode.get(node);
    if (command == null) {
      return error(StanzaError.of(node == null ? Condition.BAD_REQUEST : Condition.ITEM_NOT_FOUND));
    }
    if (!command.allowed().test(request.from().bare())) {
      return error(CommandError.FORBIDDEN);
    }
    Action action = Action.of(request.query().attribute("action"));
    if (action == null) {
      return error(CommandError.MALFORMED_ACTION);
    }
    String id = request.query().attribute("sessionid");
    if (id != null) {
      return goOn(request, id, node, action);
    }
    return action == Action.EXECUTE ? begin(request, command) : error(CommandError.BAD_ACTION);
  }

  private Future<IqReply> begin(IqRequest request, Command command) {
    Session session =
        new Session(
            ids.get(), command.node(), request.from(), clock.instant(), new ArrayDeque<>(1));
    return command.start().take(request, null).map(stage -> reached(request, session, stage));
  }

  private Future<IqReply> goOn(IqRequest request, String id, String node, Action action) {
    Sessions sessions = request.account().get(SESSIONS);
    Sessions.Found found = sessions.take(id, node, request.from(), clock.instant());
    Session session = found.session();
    if (session == null) {
      return error(found.error());
    }
    return switch (action) {
      case CANCEL -> {
        sessions.end(id);
        yield Future.succeededFuture(IqReply.result(of(session, "canceled")));
      }
      case PREV ->
          session.stages().size() > 1
              ? back(request, session)
              : stay(request, session, CommandError.BAD_ACTION);
      case EXECUTE -> submit(request, session);
      case NEXT, COMPLETE ->
          (action == Action.COMPLETE) == session.current().last()
              ? submit(request, session)
              : stay(request, session, CommandError.BAD_ACTION);
    };
  }

  /** What was sent is of no use, but the requester may send something better. */
  private static Future<IqReply> stay(IqRequest request, Session session, StanzaError error) {
    request.account().get(SESSIONS).put(session);
    return error(error);
  }

  private Future<IqReply> back(IqRequest request, Session session) {
    session.stages().removeLast();
    return Future.succeededFuture(asked(request, session));
  }

  private Future<IqReply> submit(IqRequest request, Session session) {
    Submission answers = session.current().form().read(request.query().child(Form.NS, "x"));
    if (answers == null) {
      return stay(request, session, CommandError.BAD_PAYLOAD);
    }
    return session
        .current()
        .then()
        .take(request, answers)
        .onFailure(failure -> request.account().get(SESSIONS).end(session.id()))
        .map(stage -> reached(request, session, stage));
  }

  private IqReply reached(IqRequest request, Session session, Stage stage) {
    if (stage instanceof Stage.Ask ask && session.stages().size() < Sessions.MAX_STAGES) {
      session.stages().add(ask);
      return asked(request, session);
    }
    request.account().get(SESSIONS).end(session.id());
    if (stage instanceof Stage.Done done) {
      return IqReply.result(completed(session, done));
    }
    return stage instanceof Stage.Refused refused
        ? IqReply.error(refused.error())
        : IqReply.error(Condition.RESOURCE_CONSTRAINT);
  }

  private IqReply asked(IqRequest request, Session session) {
    Session renewed =
        new Session(
            session.id(),
            session.node(),
            session.requester(),
            clock.instant().plus(TIMEOUT),
            session.stages());
    request.account().get(SESSIONS).put(renewed);
    Stage.Ask ask = session.current();
    String usual = (ask.last() ? Action.COMPLETE : Action.NEXT).xmlName();
    Element actions = Element.of(NS, "actions").attribute("execute", usual);
    if (session.stages().size() > 1) {
      actions = actions.with(Element.of(NS, Action.PREV.xmlName()));
    }
    return IqReply.result(
        of(session, "executing").with(actions.with(Element.of(NS, usual)), ask.form().element()));
  }

  private static Element completed(Session session, Stage.Done done) {
    Element command = of(session, "completed");
    if (done.note() != null) {
      Element note = Element.of(NS, "note", done.note().text());
      command = command.with(note.attribute("type", done.note().type()));
    }
    return done.form() == null ? command : command.with(done.form());
  }

  private static Element of(Session session, String status) {
    return Element.of(NS, "command")
        .attribute("node", session.node())
        .attribute("sessionid", session.id())
        .attribute("status", status);
  }

  private static Future<IqReply> error(StanzaError error) {
    return Future.succeededFuture(IqReply.error(error));
  }
}
