package io.rookery.router.invitation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.RouterConfig;
import io.rookery.router.RouterConfig.Inviters;
import io.rookery.router.account.Credentials;
import io.rookery.router.command.Commands;
import io.rookery.router.dispatch.Extensions;
import io.rookery.router.dispatch.IqDispatcher;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.form.Form;
import io.rookery.router.login.Owner;
import io.rookery.router.roster.RosterChanges;
import io.rookery.router.roster.Subscriptions;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.storage.invitation.Invitation;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** XEP-0401 and XEP-0379: commands in, links out; requests in, approvals out. */
class InvitationCommandsTest {
  private static final Jid ADMIN = Jid.parse("friar@capulet.example");

  private final Owner owner = new Owner();
  private final MemoryInvitations invitations = new MemoryInvitations();
  private final Issuance issuance =
      new Issuance(invitations, new SecureRandom(), owner.clock, Duration.ofDays(7));
  private int sessions;

  @AfterEach
  void close() {
    owner.vertx.close();
  }

  private IqReply ask(Inviters inviters, Jid from, String command) {
    InvitationCommands commands =
        new InvitationCommands(
            invitations,
            issuance,
            new Credentials(owner.stores.accounts(), null, null, null, owner.clock),
            Set.of(ADMIN),
            new RouterConfig.Invitations(inviters, Duration.ofDays(7), 2));
    Commands all = new Commands(commands.commands(), () -> "s" + ++sessions, owner.clock);
    Element element =
        Element.parse("<command xmlns='http://jabber.org/protocol/commands' " + command);
    Stanza iq =
        Stanza.of(
            StanzaType.IQ_SET,
            from.withResource("cell"),
            Jid.parse("capulet.example"),
            "1",
            element);
    return new IqDispatcher(new Extensions(List.of(all)))
        .answer(iq, IqTarget.SERVER, account, null)
        .result();
  }

  private final LiveAccount account = Given.account(ADMIN, true);

  private IqReply invite(Inviters inviters, Jid from) {
    return ask(inviters, from, "node='" + InvitationCommands.INVITE + "'/>");
  }

  private static String told(IqReply reply, String var) {
    return reply.payload().child(Form.NS, "x").children(Form.NS, "field").stream()
        .filter(field -> var.equals(field.attribute("var")))
        .map(field -> field.child(Form.NS, "value").text())
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"OFF, false, false", "ADMINS, true, false", "USERS, true, true"})
  void aLinkSaysWhetherOneCanRegister(Inviters inviters, boolean admin, boolean user) {
    assertEquals(admin, told(invite(inviters, ADMIN), "uri").endsWith(";ibr=y"));
    assertEquals(user, told(invite(inviters, Owner.JULIET), "uri").endsWith(";ibr=y"));
    assertEquals(
        List.of(admin, user), invitations.all.stream().map(Invitation::registers).toList());
  }

  @Test
  void onlyAHashOfTheTokenIsKept() {
    IqReply reply = invite(Inviters.OFF, Owner.JULIET);
    String uri = told(reply, "uri");
    assertTrue(uri.matches("xmpp:juliet@capulet.example\\?roster;preauth=[a-z2-7]{26}"), uri);
    assertEquals(owner.clock.instant().plus(Duration.ofDays(7)).toString(), told(reply, "expire"));
    String token = uri.substring(uri.indexOf('=') + 1);
    assertEquals(32, invitations.all.get(0).token().length);
    assertTrue(Arrays.equals(Issuance.hash(token), invitations.all.get(0).token()));
    assertFalse(invitations.all.get(0).toString().contains(token));
  }

  @Test
  void aUserHasABoundedNumber() {
    invite(Inviters.OFF, Owner.JULIET);
    invite(Inviters.OFF, Owner.JULIET);
    assertEquals(
        "resource-constraint", invite(Inviters.OFF, Owner.JULIET).error().condition().xmlName());
    assertEquals(
        "not-allowed",
        invite(Inviters.OFF, Jid.parse("romeo@montague.example")).error().condition().xmlName());
  }

  @ParameterizedTest
  @CsvSource({
    "'', ok",
    "a@b, not-acceptable",
    "juliet, conflict", // the accounts of this test all exist
  })
  void creatingAnAccount(String username, String expected) {
    String node = "node='" + InvitationCommands.CREATE + "'";
    assertEquals(
        "forbidden", ask(Inviters.USERS, Owner.JULIET, node + "/>").error().condition().xmlName());
    assertEquals("forbidden", ask(Inviters.OFF, ADMIN, node + "/>").error().condition().xmlName());
    assertEquals(
        "executing", ask(Inviters.ADMINS, ADMIN, node + "/>").payload().attribute("status"));
    IqReply reply =
        ask(
            Inviters.ADMINS,
            ADMIN,
            node
                + " sessionid='s1'><x xmlns='jabber:x:data' type='submit'><field var='username'>"
                + ("<value>" + username + "</value></field></x></command>"));
    boolean none = expected.equals("conflict") || expected.equals("not-acceptable");
    assertEquals(none ? expected : "ok", outcome(reply));
  }

  private static String outcome(IqReply reply) {
    if (reply.error() != null) {
      return reply.error().condition().xmlName();
    }
    return told(reply, "uri").matches("xmpp:capulet.example\\?register;preauth=[a-z2-7]{26}")
        ? "ok"
        : told(reply, "uri");
  }

  @Test
  void addressesInLinksAreEncoded() {
    Jid odd = Jid.parse("jürgen%a?b@capulet.example");
    assertEquals(
        "xmpp:j%C3%BCrgen%25a%3Fb@capulet.example?register;preauth=t",
        InvitationUri.register(odd, "t"));
  }

  private List<StanzaType> requested(String token) {
    RosterChanges changes =
        new RosterChanges(owner.stores, owner.retries, owner.routes, () -> "push");
    Subscriptions subscriptions = new Subscriptions(changes, owner.routes, owner.accounts, 100);
    subscriptions.approveBy(new ContactApproval(invitations, owner.clock));
    Stanza request = Stanza.of(StanzaType.PRESENCE_SUBSCRIBE, Given.ROMEO, Owner.JULIET, null);
    if (token != null) {
      request = request.plus(Element.of(ContactApproval.NS, "preauth").attribute("token", token));
    }
    owner.bus.taken();
    subscriptions.fromContact(owner.account(), request);
    return owner.routed().stream().map(Stanza::type).toList();
  }

  private String token(Jid inviter) {
    String uri = issuance.contact(inviter, false).result().uri();
    return uri.substring(uri.indexOf('=') + 1);
  }

  @Test
  void aRequestWithATokenIsApprovedAndReturned() {
    owner.session("phone", 1);
    assertEquals(
        List.of(
            StanzaType.PRESENCE_SUBSCRIBED,
            StanzaType.PRESENCE_AVAILABLE,
            StanzaType.PRESENCE_SUBSCRIBE),
        requested(token(Owner.JULIET)));
    assertEquals(0, invitations.all.size(), "it is good once");
    assertTrue(owner.account().contact(Given.ROMEO.bare()).ask());
    assertFalse(owner.account().contact(Given.ROMEO.bare()).hidden());
  }

  @Test
  void whoSeesTheUserAlreadyIsAskedInReturn() {
    owner.session("phone", 1);
    requested(token(Owner.JULIET));
    assertEquals(
        List.of(
            StanzaType.PRESENCE_SUBSCRIBED,
            StanzaType.PRESENCE_AVAILABLE,
            StanzaType.PRESENCE_SUBSCRIBE),
        requested(token(Owner.JULIET)));
  }

  @Test
  void otherwiseTheUserIsAsked() {
    owner.session("phone", 1);
    String expired = token(Owner.JULIET);
    owner.clock.now += Duration.ofDays(7).toMillis();
    String others = token(ADMIN);
    for (String token : new String[] {null, "", "guessed", "x".repeat(5000), expired, others}) {
      assertEquals(List.of(), requested(token));
    }
    assertEquals(2, invitations.all.size());
    String good = token(Owner.JULIET);
    invitations.failing = true;
    assertEquals(List.of(), requested(good));
    assertTrue(owner.account().contact(Given.ROMEO.bare()).pendingIn() != null);
  }
}
