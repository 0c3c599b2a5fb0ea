package io.rookery.standalone.smack;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.rookery.standalone.conversation.Service;
import java.util.Collection;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jivesoftware.smack.ConnectionConfiguration;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.roster.Roster;
import org.jivesoftware.smack.roster.RosterEntry;
import org.jivesoftware.smack.roster.RosterListener;
import org.jivesoftware.smack.roster.packet.RosterPacket;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smack.util.TLSUtils;
import org.jivesoftware.smackx.iqregister.AccountManager;
import org.jxmpp.jid.BareJid;
import org.jxmpp.jid.EntityBareJid;
import org.jxmpp.jid.EntityFullJid;
import org.jxmpp.jid.Jid;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.jid.parts.Localpart;
import org.jxmpp.jid.parts.Resourcepart;

/** One Smack connection of a user, logged in through STARTTLS, that remembers what it receives. */
final class Device implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 20;

  private final XMPPTCPConnection connection;
  private final Roster roster;
  private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> rosterEvents = new LinkedBlockingQueue<>();

  private Device(XMPPTCPConnection connection) {
    this.connection = connection;
    this.roster = Roster.getInstanceFor(connection);
    roster.setSubscriptionMode(Roster.SubscriptionMode.accept_all);
    roster.addRosterListener(new Events());
    connection.addSyncStanzaListener(
        stanza -> messages.add((Message) stanza), StanzaTypeFilter.MESSAGE);
  }

  /** In-band registration of a user (XEP-0077). */
  static void signUp(Service service, String user) throws Exception {
    XMPPTCPConnection connection = connection(service, user, "registration", 0);
    try {
      connection.connect();
      AccountManager.getInstance(connection).createAccount(Localpart.from(user), passwordOf(user));
    } finally {
      connection.disconnect();
    }
  }

  /**
   * @param number of the client in its conversation: says which connector it uses
   */
  static Device of(Service service, String user, String resource, int number) throws Exception {
    Device device = new Device(connection(service, user, resource, number));
    device.connection.connect();
    device.connection.login();
    return device;
  }

  private static XMPPTCPConnection connection(
      Service service, String user, String resource, int number) throws Exception {
    var address = service.endpoint(number).starttls();
    return new XMPPTCPConnection(
        XMPPTCPConnectionConfiguration.builder()
            .setXmppDomain(service.domain())
            .setHostAddress(address.getAddress())
            .setPort(address.getPort())
            .setSecurityMode(ConnectionConfiguration.SecurityMode.required)
            .setCustomX509TrustManager(new TLSUtils.AcceptAllTrustManager())
            .setHostnameVerifier((name, session) -> true)
            .setUsernameAndPassword(user, passwordOf(user))
            .setResource(Resourcepart.from(resource))
            .build());
  }

  private static String passwordOf(String user) {
    return "pencil of " + user;
  }

  XMPPTCPConnection connection() {
    return connection;
  }

  Roster roster() {
    return roster;
  }

  EntityFullJid jid() {
    return connection.getUser();
  }

  EntityBareJid bare() {
    return jid().asEntityBareJid();
  }

  void sends(Jid to, String body) throws Exception {
    connection.sendStanza(
        connection
            .getStanzaFactory()
            .buildMessageStanza()
            .to(to)
            .ofType(Message.Type.chat)
            .setBody(body)
            .build());
  }

  /** The next message, which must say this. */
  Message receives(Jid from, String body) throws InterruptedException {
    Message message = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertNotNull(message, jid() + " waits for " + body);
    if (!from.equals(message.getFrom()) || !body.equals(message.getBody())) {
      throw new AssertionError(jid() + " waits for " + body + ", got " + message.toXML());
    }
    return message;
  }

  void hasReceivedNothingMore() {
    assertNull(messages.peek(), jid().toString());
  }

  void seesMutualSubscription(BareJid contact) throws InterruptedException {
    awaits(
        "subscription of " + contact,
        all -> {
          RosterEntry entry = all.getEntry(contact);
          return entry != null && entry.getType() == RosterPacket.ItemType.both;
        });
  }

  void seesAvailable(EntityFullJid contact) throws InterruptedException {
    awaits(contact + " available", all -> all.getPresenceResource(contact).isAvailable());
  }

  void seesUnavailable(EntityFullJid contact) throws InterruptedException {
    awaits(contact + " unavailable", all -> !all.getPresenceResource(contact).isAvailable());
  }

  private void awaits(String what, Predicate<Roster> state) throws InterruptedException {
    while (!state.test(roster)) {
      String event = rosterEvents.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertNotNull(event, jid() + " does not see: " + what);
    }
  }

  @Override
  public void close() {
    connection.disconnect();
  }

  /** Wakes up who waits for the roster to change. */
  private final class Events implements RosterListener {
    @Override
    public void entriesAdded(Collection<Jid> addresses) {
      rosterEvents.add("added");
    }

    @Override
    public void entriesUpdated(Collection<Jid> addresses) {
      rosterEvents.add("updated");
    }

    @Override
    public void entriesDeleted(Collection<Jid> addresses) {
      rosterEvents.add("deleted");
    }

    @Override
    public void presenceChanged(Presence presence) {
      rosterEvents.add("presence");
    }
  }

  static EntityBareJid address(Service service, String user) throws Exception {
    return JidCreate.entityBareFrom(user + "@" + service.domain());
  }
}
