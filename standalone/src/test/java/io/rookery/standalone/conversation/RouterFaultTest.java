package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real routers that hang, leave and die: who owns the accounts, and who knows that it does not. */
class RouterFaultTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int USERS = 50;
  private static final String PUBSUB = "http://jabber.org/protocol/pubsub";
  private static final String EVENT = PUBSUB + "#event";
  private static final String CARBONS = "urn:xmpp:carbons:2";
  private static final String TUNE = "http://jabber.org/protocol/tune";

  private final HttpClient http = HttpClient.newHttpClient();
  private ClusterService cluster;

  @BeforeEach
  void starts() throws Exception {
    cluster = (ClusterService) RookeryProcesses.cluster("faults");
    await(() -> owned(0, "router-0") > 0 && owned(0, "router-1") > 0 && agree());
  }

  @AfterEach
  void stops() {
    cluster.close();
  }

  private HttpResponse<String> get(int router, String path) throws Exception {
    URI question = cluster.routers().get(router).resolve(path);
    return http.send(
        HttpRequest.newBuilder(question).timeout(Duration.ofSeconds(3)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private List<String> owners(int router) throws Exception {
    List<String> owners = new ArrayList<>();
    for (int i = 0; i < USERS; i++) {
      owners.add(get(router, "/owner?jid=user" + i + "%40localhost").body());
    }
    return owners;
  }

  /** How many of the users a router takes another, or itself, for the owner of. */
  private long owned(int router, String owner) throws Exception {
    return owners(router).stream().filter(answer -> answer.contains('"' + owner + '"')).count();
  }

  private boolean agree() throws Exception {
    return owners(0).equals(owners(1));
  }

  private boolean ready(int router) throws Exception {
    try {
      return get(router, "/health/ready").statusCode() == 200;
    } catch (IOException notListening) {
      return false;
    }
  }

  private boolean fenced(int router) throws Exception {
    try {
      return owners(router).stream().allMatch(answer -> answer.contains("null")) && !ready(router);
    } catch (IOException notListening) {
      return true;
    }
  }

  private static long await(Callable<Boolean> condition) throws Exception {
    long begin = System.nanoTime();
    while (!condition.call()) {
      assertTrue(System.nanoTime() - begin < LIMIT.toNanos(), "in time");
      TimeUnit.MILLISECONDS.sleep(50); // there is nothing to subscribe to
    }
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
  }

  private static ProcessHandle process(String router) {
    return ProcessHandle.current()
        .descendants()
        .filter(child -> commandLine(child).contains("faults/" + router + ".yml"))
        .findFirst()
        .orElseThrow();
  }

  /** Of any length, unlike what ProcessHandle tells. */
  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
    } catch (IOException ended) {
      return "";
    }
  }

  private static void signal(String name, ProcessHandle process) throws Exception {
    String pid = Long.toString(process.pid());
    assertEquals(0, new ProcessBuilder("kill", "-" + name, pid).start().waitFor());
  }

  /** As a host that is lost without a sign: nobody resets the connections. */
  @Test
  void aHungRouterIsReplacedAndComesBackAndAKilledOneIsReplaced() throws Exception {
    ProcessHandle hung = process("router-0");
    signal("STOP", hung);
    long replaced = await(() -> owned(1, "router-1") == USERS);
    assertTrue(replaced < 12_000, replaced + " ms");
    signal("CONT", hung);
    await(() -> fenced(0));
    await(() -> ready(0) && owned(0, "router-0") > 0 && owned(0, "router-1") > 0 && agree());
    assertTrue(hung.isAlive(), "the same process");

    signal("KILL", process("router-1"));
    replaced = await(() -> owned(0, "router-0") == USERS);
    assertTrue(replaced < 8000, replaced + " ms");
  }

  /**
   * Carbons, client state and the interest in events are of the session; block list, nodes and
   * archive of the account. The next owner knows them all, and clients notice nothing.
   */
  @Test
  void whatClientsHaveSaidOutlivesTheirRouter() throws Exception {
    try (Cast given = new Cast(cluster)) {
      Client phone = given.client("romeo", "phone");
      Client laptop = given.client("romeo", "laptop");
      Client juliet = given.client("juliet", "balcony");
      Client tybalt = given.client("tybalt", "square");
      given.befriend(phone, juliet);
      laptop.asks("set", null, "<enable xmlns='" + CARBONS + "'/>", r -> r.type("result"));
      laptop.becomesInterestedIn(TUNE);
      phone.asks("set", null, blocks(tybalt), r -> r.type("result"));
      phone.asks("set", null, tune("aubade"), r -> r.type("result"));
      phone.sends("<inactive xmlns='urn:xmpp:csi:0'/>");
      says(juliet, phone, "before");
      phone.receives("message", m -> m.body("before"));
      laptop.receives("message", m -> m.has("received", CARBONS));
      assertTrue(get(0, "/owner?jid=" + phone.bare()).body().contains("\"router-0\""));

      signal("KILL", process("router-0"));
      await(() -> owned(1, "router-1") == USERS);
      juliet.sends("<presence><show>away</show></presence>");
      laptop.receives("presence", p -> p.from(juliet).childText("show", "away"));
      juliet.asks("set", null, tune("nocturne"), r -> r.type("result"));
      laptop.receives("message", m -> m.from(juliet.bare()).has("event", EVENT));
      says(tybalt, phone, "villain");
      tybalt.receives("message", m -> m.error("service-unavailable"));
      says(juliet, phone, "after");
      phone.receives("presence", p -> p.from(juliet).childText("show", "away"));
      phone.receives("message", m -> m.body("after"));
      laptop.receives("message", m -> m.has("received", CARBONS));
      juliet.asks("get", phone.bare(), items(TUNE), r -> r.has("pubsub", PUBSUB));
      phone.asks("set", null, "<query xmlns='urn:xmpp:mam:2'/>", r -> r.type("result"));
      phone.receives("message", m -> isArchived(m, "before"));
      phone.receives("message", m -> isArchived(m, "after"));
    }
  }

  private static void isArchived(Expectation message, String text) {
    message.has(
        "result",
        "urn:xmpp:mam:2",
        r ->
            r.has(
                "forwarded",
                "urn:xmpp:forward:0",
                f -> f.has("message", Client.CLIENT, m -> m.body(text))));
  }

  private static void says(Client from, Client to, String text) {
    from.sends("<message to='%s' type='chat'><body>%s</body></message>", to, text);
  }

  private static String blocks(Client other) {
    return "<block xmlns='urn:xmpp:blocking'><item jid='" + other.bare() + "'/></block>";
  }

  private static String items(String node) {
    return "<pubsub xmlns='" + PUBSUB + "'><items node='" + node + "'/></pubsub>";
  }

  private static String tune(String title) {
    return "<pubsub xmlns='%s'><publish node='%s'><item><tune xmlns='%s'><title>%s</title></tune>"
            .formatted(PUBSUB, TUNE, TUNE, title)
        + "</item></publish></pubsub>";
  }

  @Test
  void aRouterThatLeavesHandsOver() throws Exception {
    ProcessHandle leaving = process("router-0");
    signal("TERM", leaving);
    await(() -> owned(1, "router-1") == USERS && leaving.isAlive());
    long left = await(() -> !leaving.isAlive());
    assertTrue(left < 15_000, left + " ms");

    ProcessHandle last = process("router-1");
    signal("TERM", last);
    left = await(() -> !last.isAlive());
    assertTrue(left < 20_000, "nobody is there to hand over to: " + left + " ms");
  }
}
