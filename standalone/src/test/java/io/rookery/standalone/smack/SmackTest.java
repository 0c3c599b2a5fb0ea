package io.rookery.standalone.smack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.standalone.conversation.Conversation;
import io.rookery.standalone.conversation.Service;
import java.time.Instant;
import java.util.List;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.sasl.SASLErrorException;
import org.jivesoftware.smackx.delay.packet.DelayInformation;
import org.jivesoftware.smackx.disco.ServiceDiscoveryManager;
import org.jivesoftware.smackx.disco.packet.DiscoverInfo;
import org.jivesoftware.smackx.iqversion.VersionManager;
import org.jivesoftware.smackx.ping.PingManager;
import org.junit.jupiter.api.Test;

/** What a user expects of a service, with Smack as the client. */
@Conversation
class SmackTest {

  @Test
  void twoUsersChatOnTwoDevicesEach(Service service) throws Exception {
    String romeo = newUser(service, "romeo", 0);
    String juliet = newUser(service, "juliet", 1);
    try (Device phone = Device.of(service, romeo, "phone", 0);
        Device balcony = Device.of(service, juliet, "balcony", 1)) {
      assertTrue(phone.connection().isSecureConnection());
      assertTrue(phone.connection().getUsedSaslMechansism().startsWith("SCRAM-"));
      befriend(phone, balcony);
      try (Device laptop = Device.of(service, romeo, "laptop", 2);
          Device garden = Device.of(service, juliet, "garden", 3)) {
        seeEachOther(List.of(phone, laptop), List.of(balcony, garden));

        phone.sends(balcony.bare(), "to all devices");
        balcony.receives(phone.jid(), "to all devices");
        garden.receives(phone.jid(), "to all devices");
        garden.sends(phone.jid(), "to one device");
        phone.receives(garden.jid(), "to one device");
        laptop.sends(garden.jid(), "the other pair");
        garden.receives(laptop.jid(), "the other pair");
        balcony.sends(laptop.bare(), "and back");
        laptop.receives(balcony.jid(), "and back");
        phone.receives(balcony.jid(), "and back");
        List.of(phone, laptop, balcony, garden).forEach(Device::hasReceivedNothingMore);
      }
    }
  }

  @Test
  void presenceFollowsTheDevices(Service service) throws Exception {
    String romeo = newUser(service, "romeo", 0);
    String juliet = newUser(service, "juliet", 1);
    try (Device phone = Device.of(service, romeo, "phone", 0);
        Device balcony = Device.of(service, juliet, "balcony", 1)) {
      befriend(phone, balcony);
      Device garden = Device.of(service, juliet, "garden", 2);
      phone.seesAvailable(garden.jid());
      var left = garden.jid();
      garden.close();
      phone.seesUnavailable(left);
      phone.seesAvailable(balcony.jid());
    }
  }

  @Test
  void serviceAnswersQueries(Service service) throws Exception {
    String romeo = newUser(service, "romeo", 0);
    try (Device phone = Device.of(service, romeo, "phone", 0)) {
      var connection = phone.connection();
      assertTrue(PingManager.getInstanceFor(connection).pingMyServer());
      var version =
          VersionManager.getInstanceFor(connection).getVersion(connection.getXMPPServiceDomain());
      assertEquals("Rookery", version.getName());
      assertNotNull(version.getVersion());
      DiscoverInfo info =
          ServiceDiscoveryManager.getInstanceFor(connection)
              .discoverInfo(connection.getXMPPServiceDomain());
      assertTrue(info.hasIdentity("server", "im"), () -> info.toXML().toString());
      for (String feature :
          List.of("urn:xmpp:ping", "jabber:iq:version", "jabber:iq:register", "msgoffline")) {
        assertTrue(info.containsFeature(feature), feature);
      }
    }
  }

  @Test
  void wrongPasswordIsRefused(Service service) throws Exception {
    newUser(service, "romeo", 0);
    String stranger = service.localpart("stranger", 1);
    SASLErrorException refused =
        assertThrows(
            SASLErrorException.class, () -> Device.of(service, stranger, "phone", 0).close());
    assertEquals("not-authorized", refused.getSASLFailure().getSASLErrorString());
  }

  @Test
  void messagesWaitOverARestart(Service service) throws Exception {
    String romeo = newUser(service, "romeo", 0);
    String juliet = newUser(service, "juliet", 1);
    Instant before = Instant.now();
    var sender = Device.of(service, romeo, "phone", 0);
    var from = sender.jid();
    try (sender) {
      for (int i = 0; i < 3; i++) {
        sender.sends(Device.address(service, juliet), "patience " + i);
      }
      PingManager.getInstanceFor(sender.connection()).pingMyServer();
    }
    service.restart();
    try (Device balcony = Device.of(service, juliet, "balcony", 1)) {
      for (int i = 0; i < 3; i++) {
        Message kept = balcony.receives(from, "patience " + i);
        Instant stamp = DelayInformation.from(kept).getStamp().toInstant();
        assertFalse(stamp.isBefore(before.minusSeconds(1)), stamp + " before " + before);
        assertFalse(stamp.isAfter(Instant.now()), stamp + " in the future");
      }
      balcony.hasReceivedNothingMore();
    }
  }

  private static String newUser(Service service, String role, int number) throws Exception {
    String user = service.localpart(role, number);
    Device.signUp(service, user);
    return user;
  }

  /** Each asks, the other accepts. */
  private static void befriend(Device one, Device other) throws Exception {
    one.roster().createItemAndRequestSubscription(other.bare(), "one", new String[0]);
    other.roster().createItemAndRequestSubscription(one.bare(), "other", new String[0]);
    one.seesMutualSubscription(other.bare());
    other.seesMutualSubscription(one.bare());
    seeEachOther(List.of(one), List.of(other));
  }

  private static void seeEachOther(List<Device> ones, List<Device> others) throws Exception {
    for (Device one : ones) {
      for (Device other : others) {
        one.seesAvailable(other.jid());
        other.seesAvailable(one.jid());
      }
    }
  }
}
