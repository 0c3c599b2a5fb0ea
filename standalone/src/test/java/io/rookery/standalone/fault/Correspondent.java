package io.rookery.standalone.fault;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jivesoftware.smack.ConnectionConfiguration;
import org.jivesoftware.smack.ConnectionListener;
import org.jivesoftware.smack.ReconnectionManager;
import org.jivesoftware.smack.SmackException.NotConnectedException;
import org.jivesoftware.smack.XMPPConnection;
import org.jivesoftware.smack.filter.PresenceTypeFilter;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.roster.Roster;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smack.util.TLSUtils;
import org.jivesoftware.smackx.iqregister.AccountManager;
import org.jxmpp.jid.EntityBareJid;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.jid.parts.Localpart;

/** A Smack client that resumes its session by itself, and remembers what it sees. */
final class Correspondent implements AutoCloseable {
  private static final String DOMAIN = "localhost";
  private static final String PASSWORD = "pencil";

  private final XMPPTCPConnection connection;
  private final EntityBareJid address;
  private final AtomicInteger sent = new AtomicInteger();
  private final List<String> received = new CopyOnWriteArrayList<>();
  private final List<String> surprises = new CopyOnWriteArrayList<>();
  private final AtomicInteger resumptions = new AtomicInteger();

  /** Signs up and logs in. */
  Correspondent(String user, InetSocketAddress endpoint) throws Exception {
    XMPPTCPConnection registration = connection(user, endpoint);
    registration.connect();
    AccountManager.getInstance(registration).createAccount(Localpart.from(user), PASSWORD);
    registration.disconnect();
    address = JidCreate.entityBareFrom(user + "@" + DOMAIN);
    connection = connection(user, endpoint);
    connection.setUseStreamManagement(true);
    connection.setUseStreamManagementResumption(true);
    Roster.getInstanceFor(connection).setSubscriptionMode(Roster.SubscriptionMode.accept_all);
    connection.addSyncStanzaListener(
        stanza -> received.add(((Message) stanza).getBody()), StanzaTypeFilter.MESSAGE);
    connection.connect().login();
    ReconnectionManager reconnection = ReconnectionManager.getInstanceFor(connection);
    reconnection.setFixedDelay(1);
    reconnection.enableAutomaticReconnection();
    connection.addConnectionListener(new Resumptions());
  }

  private static XMPPTCPConnection connection(String user, InetSocketAddress endpoint)
      throws Exception {
    return new XMPPTCPConnection(
        XMPPTCPConnectionConfiguration.builder()
            .setXmppDomain(DOMAIN)
            .setHostAddress(endpoint.getAddress())
            .setPort(endpoint.getPort())
            .setSecurityMode(ConnectionConfiguration.SecurityMode.required)
            .setCustomX509TrustManager(new TLSUtils.AcceptAllTrustManager())
            .setHostnameVerifier((name, session) -> true)
            .setUsernameAndPassword(user, PASSWORD)
            .setResource("smack")
            .build());
  }

  EntityBareJid address() {
    return address;
  }

  Roster roster() {
    return Roster.getInstanceFor(connection);
  }

  boolean canResume() {
    return connection.isSmResumptionPossible();
  }

  /** From now on nobody is expected to go. */
  void expectsNobodyToLeave() {
    connection.addAsyncStanzaListener(
        stanza -> surprises.add(stanza.toXML().toString()), PresenceTypeFilter.UNAVAILABLE);
  }

  /** Sends the next number. Not between connection and login: Smack would do it, unauthorized. */
  void sendsNext(EntityBareJid to) {
    if (!connection.isAuthenticated()) {
      return;
    }
    try {
      connection.sendStanza(
          connection
              .getStanzaFactory()
              .buildMessageStanza()
              .to(to)
              .ofType(Message.Type.chat)
              .setBody(Integer.toString(sent.get()))
              .build());
      sent.incrementAndGet();
    } catch (NotConnectedException e) {
      surprises.add("cannot send: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  int sent() {
    return sent.get();
  }

  /** The bodies, in the order of their arrival. */
  List<String> received() {
    return received;
  }

  /** What was not expected. */
  List<String> surprises() {
    return surprises;
  }

  int resumptions() {
    return resumptions.get();
  }

  @Override
  public void close() {
    ReconnectionManager.getInstanceFor(connection).disableAutomaticReconnection();
    connection.disconnect();
  }

  private final class Resumptions implements ConnectionListener {
    @Override
    public void authenticated(XMPPConnection of, boolean resumed) {
      if (resumed) {
        resumptions.incrementAndGet();
      } else {
        surprises.add("a new session");
      }
    }
  }
}
