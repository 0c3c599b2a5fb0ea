package io.rookery.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.sasl.ChannelBindings;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.stream.StreamError;
import io.rookery.protocol.xml.Element;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The bytes of version 1, which nodes of different releases have to agree on. A difference here is
 * a break of rolling upgrades: change the code, not the file.
 */
class GoldenBytesTest {
  private static final Jid JULIET = Jid.parse("juliet@capulet.example");
  private static final Jid ROMEO = Jid.parse("romeo@montague.example/orchard");
  private static final byte[] DATA = {0, 1, -1};
  private static final Stanza CHAT =
      new Stanza(
          StanzaType.MESSAGE_CHAT,
          ROMEO,
          JULIET,
          "m1",
          "en",
          Stanza.of(
                  StanzaType.MESSAGE_CHAT,
                  null,
                  null,
                  null,
                  Element.of("jabber:client", "body", "Wherefore, ü?"),
                  Element.of("urn:xmpp:receipts", "request"))
              .payload());
  private static final Stanza PRESENCE =
      Stanza.of(StanzaType.PRESENCE_AVAILABLE, ROMEO, null, null);

  private static final List<WireMessage> MESSAGES =
      List.of(
          new ToRouter.SaslStart(
              7,
              "capulet.example",
              "SCRAM-SHA-1-PLUS",
              DATA,
              true,
              new ChannelBindings(Map.of("tls-exporter", DATA)),
              "192.0.2.1"),
          new ToRouter.SaslResponse(7, DATA),
          new ToRouter.SaslAbort(300),
          new ToRouter.Bind(7, JULIET, null, "2001:db8::1"),
          new ToRouter.Registration(
              7, "capulet.example", Stanza.of(StanzaType.IQ_GET, null, null, "r1"), "192.0.2.1"),
          new ToRouter.FromClient(ROMEO, 7, 129, CHAT, false),
          new ToRouter.StreamEnded(ROMEO, 7, true),
          new ToRouter.Routed(CHAT, 1L << 40, -77, true),
          new ToRouter.Fanout(PRESENCE, new Jid[] {JULIET, ROMEO.bare()}),
          new ToRouter.Settled(1L << 40, false),
          new ToRouter.AccountRemoved(JULIET),
          new ToRouter.EnableAcks(ROMEO, 7, 2, true, 300),
          new ToRouter.ClientAcked(ROMEO, 7, 12),
          new ToRouter.AckWanted(ROMEO, 7, 129),
          new ToRouter.Resume(7, JULIET, "id-1", 12, "192.0.2.1"),
          new ToRouter.StreamState(
              ROMEO,
              7,
              131,
              129,
              "id-1",
              12,
              1L << 60,
              new Unacked[] {new Unacked(CHAT, 1L << 60, -77, true)},
              new long[] {-78, 1L << 60}),
          new ToRouter.NoStream(ROMEO, 7),
          new ToRouter.ClientState(ROMEO, 7, true),
          new ToRouter.Claim(new long[] {0, 270}),
          new ToRouter.Yielded(new long[] {0, 270}),
          new ToRouter.Forwarded(
              new LoopAddress("node-2", 3), 1, new ToRouter.StreamEnded(ROMEO, 7, true)),
          new ToRouter.AccountWanted(JULIET, 5, "balcony"),
          new ToRouter.OnlineWanted(5, "capulet.example"),
          new ToRouter.Told(5, 300, new Jid[] {ROMEO}),
          new ToRouter.Announced(CHAT),
          new ToConnector.SaslChallenge(7, DATA),
          new ToConnector.SaslSuccess(7, JULIET, null),
          new ToConnector.SaslFailure(7, "not-authorized", "no"),
          new ToConnector.Bound(7, ROMEO),
          new ToConnector.BindRefused(
              7,
              StanzaError.of(StanzaError.Condition.CONFLICT, "taken")
                  .withApplication("<a xmlns='urn:a'/>")),
          new ToConnector.ToClient(7, CHAT, 1L << 60, -77, false),
          new ToConnector.ToClients(PRESENCE, new long[] {7, 9}, new Jid[] {JULIET, ROMEO}, 0, 0),
          new ToConnector.Handled(7, 129),
          new ToConnector.EndStream(7, StreamError.of(StreamError.Condition.RESET, "bye")),
          new ToConnector.SessionEnded(7),
          new ToConnector.AcksEnabled(7, "id-1", 300),
          new ToConnector.Resumed(7, ROMEO, "id-1", 131, 2, 12),
          new ToConnector.ResumeRefused(7, "item-not-found", -1),
          new ToConnector.StateWanted(7, ROMEO),
          new ToConnector.SaslContinue(7, DATA, "UPGR-SCRAM-SHA-512"),
          new ToRouter.SaslNext(7, "UPGR-SCRAM-SHA-512"),
          new ToConnector.SaslTask(7, DATA),
          new ToRouter.SaslTaskResponse(7, DATA));

  /** The same with what was added to them later. */
  private static final List<WireMessage> EXTENDED =
      List.of(
          new ToRouter.SaslStart(
              7,
              "capulet.example",
              "HT-SHA-256-EXPR",
              DATA,
              true,
              new ChannelBindings(Map.of("tls-exporter", DATA)),
              "192.0.2.1",
              new LoginRequest(
                  "juliet@capulet.example",
                  "d4565fa7-4d72-4749-b3d3-740edbf87770",
                  true,
                  129,
                  true,
                  "HT-SHA-256-NONE",
                  List.of("UPGR-SCRAM-SHA-512"))),
          new ToRouter.Bind(
              7,
              JULIET,
              null,
              "2001:db8::1",
              new BindRequest(
                  "Lute",
                  "d4565fa7-4d72-4749-b3d3-740edbf87770",
                  true,
                  true,
                  300,
                  DATA,
                  new ClientDescription("Lute", "J\u00fcrgen's telephone", true))),
          new ToRouter.Registration(
              7,
              "capulet.example",
              Stanza.of(StanzaType.IQ_GET, null, null, "r1"),
              "192.0.2.1",
              "TOKEN"),
          new ToConnector.SaslSuccess(
              7, JULIET, DATA, new IssuedToken("secret", 1_800_000_000), DATA),
          new ToConnector.Bound(7, ROMEO, new BindResult(true, "id-1", 300, DATA)));

  /** Those before more was added to them. */
  private static final List<WireMessage> EXTENDED_EARLIER =
      List.of(
          new ToRouter.SaslStart(
              7,
              "capulet.example",
              "HT-SHA-256-EXPR",
              DATA,
              true,
              new ChannelBindings(Map.of("tls-exporter", DATA)),
              "192.0.2.1",
              new LoginRequest(
                  "juliet@capulet.example",
                  "d4565fa7-4d72-4749-b3d3-740edbf87770",
                  true,
                  129,
                  true,
                  "HT-SHA-256-NONE")),
          new ToRouter.Bind(
              7,
              JULIET,
              null,
              "2001:db8::1",
              new BindRequest(
                  "Lute", "d4565fa7-4d72-4749-b3d3-740edbf87770", true, true, 300, DATA)));

  private static Map<String, String> golden(String file) throws IOException {
    try (InputStream in = GoldenBytesTest.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split(" "))
          .collect(
              Collectors.toMap(parts -> parts[0], parts -> parts[1], (a, b) -> a, TreeMap::new));
    }
  }

  private static String name(WireMessage message) {
    return message.getClass().getSimpleName();
  }

  private static String hex(WireMessage message) {
    WireWriter w = new WireWriter(16);
    WireCodec.write(w, message);
    return HexFormat.of().formatHex(w.toByteArray());
  }

  @Test
  void everyTypeOfMessageIsHere() {
    assertEquals(
        RandomMessages.TYPES.stream().map(Class::getSimpleName).collect(Collectors.toSet()),
        MESSAGES.stream().map(GoldenBytesTest::name).collect(Collectors.toSet()));
  }

  @Test
  void messagesHaveTheirBytes() throws IOException {
    haveTheirBytes(MESSAGES, "version-1.txt");
    haveTheirBytes(EXTENDED, "version-1-extended.txt");
  }

  private static void haveTheirBytes(List<WireMessage> messages, String file) throws IOException {
    Map<String, String> written =
        messages.stream()
            .collect(
                Collectors.toMap(
                    GoldenBytesTest::name, GoldenBytesTest::hex, (a, b) -> a, TreeMap::new));
    assertEquals(lines(golden(file)), lines(written));
  }

  @Test
  void bytesHaveTheirMessages() throws IOException {
    haveTheirMessages(MESSAGES, "version-1.txt");
    haveTheirMessages(EXTENDED, "version-1-extended.txt");
  }

  @Test
  void bytesOfEarlierReleasesHaveTheirMessages() throws IOException {
    Map<String, String> earlier = golden("version-1-earlier.txt");
    List<WireMessage> extended =
        MESSAGES.stream().filter(message -> earlier.containsKey(name(message))).toList();
    haveTheirMessages(extended, "version-1-earlier.txt");
    haveTheirMessages(EXTENDED_EARLIER, "version-1-extended-earlier.txt");
  }

  private static void haveTheirMessages(List<WireMessage> messages, String file)
      throws IOException {
    Map<String, String> golden = golden(file);
    for (WireMessage message : messages) {
      byte[] bytes = HexFormat.of().parseHex(golden.get(name(message)));
      WireMessage read = WireCodec.read(new WireReader(bytes, 0, bytes.length));
      assertEquals(Described.of(message), Described.of(read));
    }
    assertEquals(Set.copyOf(golden.values()).size(), messages.size());
  }

  private static String lines(Map<String, String> byName) {
    return byName.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining("\n"));
  }
}
