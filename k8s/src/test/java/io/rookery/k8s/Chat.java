package io.rookery.k8s;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jivesoftware.smack.ConnectionConfiguration;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.sasl.SASLErrorException;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smack.util.TLSUtils;
import org.jivesoftware.smackx.iqregister.AccountManager;
import org.jxmpp.jid.parts.Localpart;

/**
 * Two users on two connectors, one of whom loses the connection: makes the metrics of a working
 * service count.
 */
final class Chat {
  private static final String PASSWORD = "pencil";

  private Chat() {}

  static void between(List<LiveNode> connectors) throws Exception {
    String suffix = Long.toString(ThreadLocalRandom.current().nextLong(1L << 50), 36);
    String romeo = "romeo-" + suffix;
    String juliet = "juliet-" + suffix;
    signUp(connectors.get(0), romeo);
    signUp(connectors.get(1), juliet);
    failToLogIn(connectors.get(0), romeo);
    XMPPTCPConnection his = connect(connectors.get(0), romeo, PASSWORD);
    XMPPTCPConnection hers = connect(connectors.get(1), juliet, PASSWORD);
    try {
      CompletableFuture<Message> received = new CompletableFuture<>();
      his.login();
      hers.login();
      hers.addSyncStanzaListener(
          stanza -> received.complete((Message) stanza), StanzaTypeFilter.MESSAGE);
      // One in 16 is timed.
      for (int i = 0; i < 40; i++) {
        his.sendStanza(
            his.getStanzaFactory()
                .buildMessageStanza()
                .to(hers.getUser().asBareJid())
                .ofType(Message.Type.chat)
                .setBody("But, soft! what light through yonder window breaks?")
                .build());
      }
      received.get(20, TimeUnit.SECONDS);
      his.instantShutdown();
      his.connect();
      his.login();
      if (!his.streamWasResumed()) {
        throw new AssertionError("a lost connection was not resumed");
      }
    } finally {
      his.disconnect();
      hers.disconnect();
    }
  }

  private static void signUp(LiveNode connector, String user) throws Exception {
    XMPPTCPConnection connection = connect(connector, user, PASSWORD);
    try {
      AccountManager.getInstance(connection).createAccount(Localpart.from(user), PASSWORD);
    } finally {
      connection.disconnect();
    }
  }

  private static void failToLogIn(LiveNode connector, String user) throws Exception {
    XMPPTCPConnection connection = connect(connector, user, "wrong");
    try {
      connection.login();
      throw new AssertionError("logged in with a wrong password");
    } catch (SASLErrorException expected) {
      // and counted
    } finally {
      connection.disconnect();
    }
  }

  private static XMPPTCPConnection connect(LiveNode connector, String user, String password)
      throws Exception {
    XMPPTCPConnection connection =
        new XMPPTCPConnection(
            XMPPTCPConnectionConfiguration.builder()
                .setXmppDomain(LiveCluster.DOMAIN)
                .setHostAddress(InetAddress.getByName(connector.address()))
                .setPort(connector.clients())
                .setSecurityMode(ConnectionConfiguration.SecurityMode.required)
                .setCustomX509TrustManager(new TLSUtils.AcceptAllTrustManager())
                .setHostnameVerifier((name, session) -> true)
                .setUsernameAndPassword(user, password)
                .build());
    connection.connect();
    return connection;
  }
}
