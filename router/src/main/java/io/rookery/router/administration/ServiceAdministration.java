package io.rookery.router.administration;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.xml.Element;
import io.rookery.router.RouterConfig.Anonymous;
import io.rookery.router.account.Credentials;
import io.rookery.router.command.Command;
import io.rookery.router.command.Stage;
import io.rookery.router.command.Step;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.Manifest;
import io.rookery.router.form.Field;
import io.rookery.router.form.Form;
import io.rookery.router.form.Submission;
import io.rookery.router.sasl.Password;
import io.rookery.storage.activity.LastActivities;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * XEP-0133: Service Administration, as commands of a domain for the accounts of that domain. Every
 * order is logged with who gave it.
 */
public final class ServiceAdministration implements Extension {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceAdministration.class);
  private static final String CLIENT = "jabber:client";

  private final Set<Jid> admins;
  private final Credentials credentials;
  private final LastActivities activities;
  private final Inquiries inquiries;
  private final Clock clock;
  private final Anonymous anonymous;

  /**
   * @param admins the bare addresses of those who may use the commands
   * @param anonymous who has sessions, and no account
   */
  public ServiceAdministration(
      Set<Jid> admins,
      Credentials credentials,
      LastActivities activities,
      Inquiries inquiries,
      Clock clock,
      Anonymous anonymous) {
    this.admins = Set.copyOf(admins);
    this.credentials = credentials;
    this.activities = activities;
    this.inquiries = inquiries;
    this.clock = clock;
    this.anonymous = anonymous;
  }

  @Override
  public Manifest manifest() {
    return Manifest.of(133, "1.3.1", "Service Administration")
        .partial("Without lists of users and the editing of lists");
  }

  /** Its commands, in the order in which they are listed. */
  public List<Command> commands() {
    return List.of(
        command("add-user", "Add a user", asking(AdminForm.ADD_USER, this::addUser)),
        command("delete-user", "Delete a user", asking(AdminForm.DELETE_USER, this::deleteUsers)),
        command(
            "disable-user", "Disable a user", asking(AdminForm.DISABLE_USER, this::disableUsers)),
        command(
            "reenable-user", "Re-enable a user", asking(AdminForm.ENABLE_USER, this::enableUsers)),
        command(
            "end-user-session",
            "End a user session",
            asking(AdminForm.END_SESSION, this::endSessions)),
        command(
            "change-user-password",
            "Change a user's password",
            asking(AdminForm.CHANGE_PASSWORD, this::changePassword)),
        command(
            "get-user-lastlogin",
            "Get a user's last login time",
            asking(AdminForm.LAST_LOGIN, this::lastLogin)),
        command(
            "user-stats",
            "Get a user's statistics",
            asking(AdminForm.STATISTICS, this::statistics)),
        command("get-online-users-num", "Get the number of online users", this::online),
        command(
            "announce",
            "Send an announcement to online users",
            asking(AdminForm.ANNOUNCE, this::announce)));
  }

  private Command command(String name, String label, Step start) {
    return new Command(
        AdminForm.TYPE + "#" + name,
        label,
        admins::contains,
        (request, answers) -> start.take(request, answers).recover(this::noAnswer));
  }

  /** A command that begins with a form. */
  private Step asking(Form form, Step then) {
    Step answered = (request, answers) -> then.take(request, answers).recover(this::noAnswer);
    return (request, none) -> Future.succeededFuture(Stage.Ask.last(form, answered));
  }

  private Future<Stage> noAnswer(Throwable failure) {
    return failure instanceof Inquiries.NoAnswerException
        ? refused(Condition.REMOTE_SERVER_TIMEOUT, "not all routers answer, try again")
        : Future.failedFuture(failure);
  }

  private static Future<Stage> refused(Condition condition, String text) {
    return Future.succeededFuture(Stage.Refused.with(condition, text));
  }

  /** True for an account, or a session of one, of the domain that is asked. */
  private static boolean isHere(IqRequest request, Jid user) {
    return !user.isDomain() && user.domain().equals(request.stanza().to().domain());
  }

  /** Does something for accounts of the request's domain that are all there, or their sessions. */
  private Future<Stage> ofUsers(
      IqRequest request, List<Jid> users, boolean bare, Function<List<Jid>, Future<Stage>> work) {
    for (Jid user : users) {
      if (bare && user.isFull() || !isHere(request, user)) {
        return refused(Condition.NOT_ALLOWED, "not an account's address here: " + user);
      }
    }
    List<Future<Boolean>> found =
        users.stream()
            .map(
                user ->
                    !bare && anonymous.includes(user)
                        ? Future.succeededFuture(true)
                        : credentials.exist(user.bare()))
            .toList();
    return Future.all(found)
        .compose(
            all -> {
              int missing = found.stream().map(Future::result).toList().indexOf(false);
              return missing < 0
                  ? work.apply(users)
                  : refused(Condition.ITEM_NOT_FOUND, "no such account: " + users.get(missing));
            });
  }

  private Future<Stage> addUser(IqRequest request, Submission answers) {
    Jid user = answers.jid(AdminForm.ACCOUNT);
    String again = answers.one(AdminForm.PASSWORD_AGAIN);
    Optional<Password> password = Password.of(answers.one(AdminForm.PASSWORD));
    if (user.isFull() || !isHere(request, user) || anonymous.includes(user)) {
      return refused(Condition.NOT_ALLOWED, "not an account's address here: " + user);
    }
    if (password.isEmpty() || again != null && !again.equals(answers.one(AdminForm.PASSWORD))) {
      return refused(Condition.NOT_ACCEPTABLE, "no password, or not the same twice");
    }
    return credentials
        .create(user, password.get())
        .compose(
            created ->
                created
                    ? done(request, "made the account " + user)
                    : refused(Condition.CONFLICT, user + " exists"));
  }

  private Future<Stage> changePassword(IqRequest request, Submission answers) {
    Optional<Password> password = Password.of(answers.one(AdminForm.PASSWORD));
    if (password.isEmpty()) {
      return refused(Condition.NOT_ACCEPTABLE, "this cannot be a password");
    }
    return ofUsers(
        request,
        List.of(answers.jid(AdminForm.ACCOUNT)),
        true,
        users ->
            credentials
                .change(users.get(0), password.get())
                .compose(
                    changed ->
                        changed
                            ? done(request, "changed the password of " + users.get(0))
                            : refused(
                                Condition.ITEM_NOT_FOUND,
                                users.get(0) + " is not there, or not imported completely")));
  }

  /** Their owners remove them, which may take a moment. */
  private Future<Stage> deleteUsers(IqRequest request, Submission answers) {
    return ofUsers(
        request,
        answers.jids(AdminForm.ACCOUNTS),
        true,
        users -> {
          boolean told = true;
          for (Jid user : users) {
            told &= inquiries.tell(new ToRouter.AccountRemoved(user));
          }
          return told
              ? done(request, "removed " + users)
              : refused(Condition.REMOTE_SERVER_TIMEOUT, "not all routers answer, try again");
        });
  }

  /** First nobody can log in, then those who have are logged out. */
  private Future<Stage> disableUsers(IqRequest request, Submission answers) {
    return ofUsers(
        request,
        answers.jids(AdminForm.ACCOUNTS),
        true,
        users ->
            disable(users, true)
                .compose(v -> end(users))
                .compose(v -> done(request, "disabled " + users)));
  }

  private Future<Stage> enableUsers(IqRequest request, Submission answers) {
    return ofUsers(
        request,
        answers.jids(AdminForm.ACCOUNTS),
        true,
        users -> disable(users, false).compose(v -> done(request, "re-enabled " + users)));
  }

  private Future<Void> disable(List<Jid> users, boolean disabled) {
    return Future.all(users.stream().map(user -> credentials.disable(user, disabled)).toList())
        .mapEmpty();
  }

  private Future<Void> end(List<Jid> users) {
    return Future.all(
            users.stream().map(user -> inquiries.account(user.bare(), user.resource())).toList())
        .mapEmpty();
  }

  private Future<Stage> endSessions(IqRequest request, Submission answers) {
    return ofUsers(
        request,
        answers.jids(AdminForm.ACCOUNTS),
        false,
        users -> end(users).compose(v -> done(request, "ended sessions of " + users)));
  }

  /** Of who is online now, the present; of others, when they were seen last. */
  private Future<Stage> lastLogin(IqRequest request, Submission answers) {
    return ofUsers(
        request,
        answers.jids(AdminForm.ACCOUNTS),
        true,
        users -> {
          Jid user = users.get(0);
          return inquiries
              .account(user, null)
              .compose(
                  told ->
                      told.sessions().length > 0
                          ? Future.succeededFuture(Optional.of(clock.instant()))
                          : activities.find(user).map(last -> last.map(seen -> seen.at())))
              .map(at -> Stage.Done.with(lastLogin(user, at)));
        });
  }

  private static Element lastLogin(Jid user, Optional<Instant> at) {
    Form.Value account =
        new Form.Value(AdminForm.ACCOUNTS, Field.Kind.JIDS, List.of(user.toString()));
    return at.map(
            seen ->
                AdminForm.result(
                    account,
                    Form.Value.line("lastlogin", seen.truncatedTo(ChronoUnit.SECONDS).toString())))
        .orElseGet(() -> AdminForm.result(account));
  }

  private Future<Stage> statistics(IqRequest request, Submission answers) {
    return ofUsers(
        request,
        List.of(answers.jid(AdminForm.ACCOUNT)),
        true,
        users -> inquiries.account(users.get(0), null).map(ServiceAdministration::statistics));
  }

  private static Stage statistics(ToRouter.Told told) {
    List<String> resources = Arrays.stream(told.sessions()).map(Jid::resource).toList();
    return Stage.Done.with(
        AdminForm.result(
            Form.Value.line("rostersize", Long.toString(told.number())),
            new Form.Value("onlineresources", Field.Kind.LINES, resources)));
  }

  private Future<Stage> online(IqRequest request, Submission none) {
    return inquiries
        .online(request.stanza().to().domain())
        .map(
            number ->
                Stage.Done.with(
                    AdminForm.result(Form.Value.line("onlineusersnum", Long.toString(number)))));
  }

  private Future<Stage> announce(IqRequest request, Submission answers) {
    String text = String.join("\n", answers.all(AdminForm.ANNOUNCEMENT));
    if (text.isBlank()) {
      return refused(Condition.NOT_ACCEPTABLE, "nothing is announced");
    }
    Jid domain = request.stanza().to().domainJid();
    Stanza message =
        Stanza.of(
            StanzaType.MESSAGE_HEADLINE, domain, null, null, Element.of(CLIENT, "body", text));
    inquiries.announce(new ToRouter.Announced(message));
    return done(request, "made an announcement to the users of " + domain);
  }

  private static Future<Stage> done(IqRequest request, String what) {
    LOG.info("administrator {} {}", request.from(), what);
    return Future.succeededFuture(Stage.Done.SILENTLY);
  }
}
