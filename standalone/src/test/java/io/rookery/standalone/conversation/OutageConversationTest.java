package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.cassandra.EmbeddedCassandra;
import io.rookery.cassandra.NodeOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Cassandra is absent at the start, and gone later: the service says that it is not ready, slows
 * its clients down, and loses nothing.
 */
class OutageConversationTest {
  private static final int BEFORE = 10;
  private static final int DURING = 300;
  private static final int WINDOW = 64;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final HttpClient http = HttpClient.newHttpClient();
  private NodeOptions node;
  private EmbeddedCassandra cassandra;
  private RookeryProcesses.Lone rookery;

  @BeforeEach
  void startsWithoutCassandra() throws Exception {
    node = RookeryProcesses.cassandra("outage");
    rookery =
        RookeryProcesses.standalone(
            "outage",
            """
            storage.contact-points: ["127.0.0.1:%d"]
            storage.request-timeout: 2s
            connector.stream.in-flight-stanzas: %d
            """
                .formatted(node.nativePort(), WINDOW));
    rookery.service().starting();
  }

  @AfterEach
  void stops() throws Exception {
    rookery.service().close();
    if (cassandra != null) {
      cassandra.kill();
    }
  }

  @Test
  void waitsForCassandraAndSurvivesItsLoss() throws Exception {
    awaits("/health/live", answer -> answer.statusCode() == 200);
    assertIsNotReady(get("/health/ready"));
    var listener = rookery.service().endpoint(0).starttls();
    assertThrows(
        ConnectException.class,
        () -> new java.net.Socket(listener.getAddress(), listener.getPort()).close(),
        "listens without storage");
    cassandra = EmbeddedCassandra.start(node);
    rookery.service().awaitReady();
    try (Cast given = new Cast(rookery.service())) {
      losesNothing(given);
    }
  }

  private void losesNothing(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Account juliet = given.user("juliet");
    Client mercutio = given.client("mercutio", "square");
    Client benvolio = given.client("benvolio", "square");
    sends(romeo, juliet, 0, BEFORE);
    romeo.receivesNothing();
    // Or what is kept later would hold up what was sent after it, and the window with it.
    awaits("/metrics", answer -> underway(answer.body()) == 0);

    cassandra.kill();
    awaits("/health/ready", answer -> answer.statusCode() == 503);
    assertIsNotReady(get("/health/ready"));
    Element refused = given.secured("juliet").triesToAuthenticate(juliet, Mechanism.SCRAM_SHA_1);
    assertTrue(refused.child("temporary-auth-failure").isPresent(), refused::toString);
    sends(romeo, juliet, BEFORE, BEFORE + DURING);
    romeo.sends(
        "<iq type='get' id='last' to='%s'><ping xmlns='urn:xmpp:ping'/></iq>", juliet.domain());
    awaits("/metrics", answer -> underway(answer.body()) >= WINDOW);
    // Who is online is served meanwhile; the message is kept later.
    mercutio.sends("<message to='%s' type='chat'><body>up</body></message>", benvolio);
    benvolio.receives("message", m -> m.body("up"));
    assertEquals(WINDOW + 1, underway(get("/metrics").body()), "reads more than its window");

    cassandra = EmbeddedCassandra.start(node);
    rookery.service().awaitReady();
    romeo.receives("iq", iq -> iq.id("last").type("result"));
    Client balcony = given.connected("juliet", "balcony");
    balcony.sends("<presence/>");
    for (int i = 0; i < BEFORE + DURING; i++) {
      String number = Integer.toString(i);
      balcony.receivesNext("message", m -> m.from(romeo).id(number));
    }
    balcony.receives("presence", p -> p.from(balcony));
    balcony.receivesNothing();
  }

  private static void sends(Client sender, Account recipient, int from, int to) {
    String body = "wherefore ".repeat(100);
    for (int i = from; i < to; i++) {
      sender.sends(
          "<message to='%s' type='chat' id='%s'><body>%s</body></message>",
          recipient.bare(), i, body);
    }
  }

  private static void assertIsNotReady(HttpResponse<String> answer) {
    assertEquals(503, answer.statusCode());
    assertTrue(answer.body().matches("(?s).*\"storage\":\\{\"status\":\"down\".*"), answer.body());
  }

  /** Stanzas whose effects are not durable yet. */
  private static int underway(String metrics) {
    return metrics
        .lines()
        .filter(line -> line.startsWith("rookery_router_underway"))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
        .sum();
  }

  /** Asks until the answer is as wanted: there is nothing to subscribe to. */
  private void awaits(String path, Predicate<HttpResponse<String>> wanted) throws Exception {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      try {
        HttpResponse<String> answer = get(path);
        if (wanted.test(answer)) {
          return;
        }
        assertTrue(System.nanoTime() < deadline, answer::body);
      } catch (IOException notListening) {
        assertTrue(System.nanoTime() < deadline, notListening::toString);
      }
      Thread.sleep(50);
    }
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(rookery.ops().resolve(path)).timeout(Duration.ofSeconds(5)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
