package io.rookery.router.invitation;

import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.router.RouterConfig;
import io.rookery.router.RouterConfig.Inviters;
import io.rookery.router.account.Credentials;
import io.rookery.router.command.Command;
import io.rookery.router.command.Stage;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.Manifest;
import io.rookery.router.form.Field;
import io.rookery.router.form.Form;
import io.rookery.router.form.Submission;
import io.rookery.router.invitation.Issuance.Issued;
import io.rookery.storage.invitation.Invitations;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** XEP-0401: Ad-hoc Account Invitation Generation, for accounts of the domain that is asked. */
public final class InvitationCommands implements Extension {
  static final String INVITE = "urn:xmpp:invite#invite";
  static final String CREATE = "urn:xmpp:invite#create-account";

  /** Unused invitations of an administrator. */
  private static final int MAX_OF_ADMIN = 1000;

  private static final Form ACCOUNT =
      new Form(
          null,
          "Invitation",
          "Without a user name, the invited person chooses one.",
          List.of(
              Field.optional("username", Field.Kind.LINE, "Username"),
              Field.optional("roster-subscription", Field.Kind.BOOLEAN, "Roster subscription")));

  private final Invitations invitations;
  private final Issuance issuance;
  private final Credentials credentials;
  private final Set<Jid> admins;
  private final RouterConfig.Invitations config;

  public InvitationCommands(
      Invitations invitations,
      Issuance issuance,
      Credentials credentials,
      Set<Jid> admins,
      RouterConfig.Invitations config) {
    this.invitations = invitations;
    this.issuance = issuance;
    this.credentials = credentials;
    this.admins = Set.copyOf(admins);
    this.config = config;
  }

  @Override
  public Manifest manifest() {
    return Manifest.of(401, "0.6.0", "Ad-hoc Account Invitation Generation");
  }

  /** Its commands, in the order in which they are listed. */
  public List<Command> commands() {
    return List.of(
        new Command(INVITE, "Invite user", user -> true, this::invite),
        new Command(
            CREATE,
            "Create account",
            user -> config.registering() != Inviters.OFF && admins.contains(user),
            (request, none) ->
                Future.succeededFuture(Stage.Ask.last(ACCOUNT, this::createAccount))));
  }

  private Future<Stage> invite(IqRequest request, Submission none) {
    Jid inviter = request.from().bare();
    return bounded(
        request,
        () -> issuance.contact(inviter, mayRegister(inviter)).map(InvitationCommands::told));
  }

  private boolean mayRegister(Jid inviter) {
    return switch (config.registering()) {
      case OFF -> false;
      case ADMINS -> admins.contains(inviter);
      case USERS -> true;
    };
  }

  private Future<Stage> createAccount(IqRequest request, Submission answers) {
    Jid account;
    try {
      account = Jid.of(answers.one("username"), request.from().domain(), null);
    } catch (InvalidJidException e) {
      return refused(Condition.NOT_ACCEPTABLE, "this cannot be a user name");
    }
    Jid inviter = request.from().bare();
    boolean subscribes = answers.flag("roster-subscription");
    return bounded(
        request,
        () ->
            exists(account)
                .compose(
                    exists ->
                        exists
                            ? Future.succeededFuture(Optional.<Issued>empty())
                            : issuance.account(inviter, account, subscribes))
                .map(
                    issued ->
                        issued
                            .map(InvitationCommands::told)
                            .orElseGet(
                                () ->
                                    Stage.Refused.with(Condition.CONFLICT, "the name is taken"))));
  }

  /** Without a name, there is nothing yet that could be there. */
  private Future<Boolean> exists(Jid account) {
    return account.isDomain() ? Future.succeededFuture(false) : credentials.exist(account);
  }

  /** In turn, so that the limit holds for what a client asks for at a time, too. */
  private Future<Stage> bounded(IqRequest request, Supplier<Future<Stage>> work) {
    Jid inviter = request.from().bare();
    if (!inviter.domain().equals(request.stanza().to().domain())) {
      return refused(Condition.NOT_ALLOWED, "ask your own server");
    }
    int max = admins.contains(inviter) ? MAX_OF_ADMIN : config.perUser();
    return request
        .account()
        .inTurn(
            () ->
                invitations
                    .count(inviter)
                    .compose(
                        count ->
                            count < max
                                ? work.get()
                                : refused(
                                    Condition.RESOURCE_CONSTRAINT,
                                    "too many of your invitations are unused")));
  }

  private static Future<Stage> refused(Condition condition, String text) {
    return Future.succeededFuture(Stage.Refused.with(condition, text));
  }

  private static Stage told(Issued issued) {
    return Stage.Done.with(
        Form.result(
            "urn:xmpp:invite#invitation",
            List.of(
                Form.Value.line("uri", issued.uri()),
                Form.Value.line("expire", issued.expires().toString()))));
  }
}
