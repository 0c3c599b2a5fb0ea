package io.rookery.standalone.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import io.rookery.cluster.ClusterConfig.Discovery;
import io.rookery.cluster.ClusterConfig.Role;
import io.rookery.connector.Cidr;
import io.rookery.connector.ConnectorConfig.Listener;
import io.rookery.router.RouterConfig.Archive;
import io.rookery.router.RouterConfig.Contact;
import io.rookery.router.RouterConfig.ExternalService;
import io.rookery.router.RouterConfig.ExternalService.Type;
import io.rookery.storage.cassandra.StorageConfig.Credentials;
import io.rookery.storage.cassandra.StorageConfig.Tls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {
  @TempDir private Path directory;

  private Config load(Role role, String yaml, Map<String, String> environment)
      throws InvalidConfigException {
    return new ConfigLoader(environment).load(role, Optional.of(file(yaml)));
  }

  private Path file(String yaml) {
    try {
      return Files.writeString(directory.resolve("rookery.yaml"), yaml);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<Problem> problems(String yaml, Map<String, String> environment) {
    return assertThrows(
            InvalidConfigException.class, () -> load(Role.STANDALONE, yaml, environment))
        .problems();
  }

  private void assertProblem(Problem expected, String yaml) {
    assertEquals(List.of(expected), problems(yaml, Map.of()));
  }

  private String line(int number) {
    return directory.resolve("rookery.yaml") + ", line " + number;
  }

  @Test
  void standaloneNeedsNoFile() throws InvalidConfigException {
    Config config = new ConfigLoader(Map.of()).load(Role.STANDALONE, Optional.empty());
    assertEquals(Map.of("localhost", Archive.ALWAYS), config.router().archive());
    assertEquals(Path.of("data"), config.data());
    assertEquals(
        Path.of("data", "certificates", "localhost.crt"),
        config.connector().domains().get(0).certificate());
    assertEquals(
        List.of(
            new Listener(Listener.Kind.STARTTLS, false, "0.0.0.0", 5222),
            new Listener(Listener.Kind.DIRECT, false, "0.0.0.0", 5223)),
        config.connector().listeners());
    assertTrue(config.embedsCassandra());
    assertEquals(262_144, config.connector().stream().stanzaBytes());
    assertEquals(new Discovery.Members(List.of()), config.cluster().discovery());
  }

  @Test
  void externalServicesHaveTheUsualPorts() throws InvalidConfigException {
    Config config =
        load(
            Role.STANDALONE,
            """
            router:
              external-services:
                - "stun:stun.example"
                - "turn:[2001:db8::1]:3479?transport=tcp"
                - "turns:turn.example"
              turn: { secret: "n0rth", lifetime: 1h }
              outage-status: [ "https://status.example/xmpp.json" ]
            """,
            Map.of());
    assertEquals(
        List.of(
            new ExternalService(Type.STUN, "stun.example", 3478, "udp"),
            new ExternalService(Type.TURN, "2001:db8::1", 3479, "tcp"),
            new ExternalService(Type.TURNS, "turn.example", 5349, "tcp")),
        config.router().externalServices().services());
    assertEquals("n0rth", config.router().externalServices().turnSecret());
    assertEquals(Duration.ofHours(1), config.router().externalServices().turnLifetime());
    assertEquals(
        List.of(URI.create("https://status.example/xmpp.json")), config.router().outageStatus());
    assertFalse(config.toString().contains("n0rth"), config::toString);
  }

  @Test
  void theSecretOfTurnServersMayBeInAFile() throws Exception {
    Path file = Files.writeString(directory.resolve("turn"), "n0rth\n");
    String services = "router.external-services: [ 'turn:turn.example' ]\n";
    String key = "ROOKERY_ROUTER_TURN_SECRET_FILE";
    Map<String, String> environment = Map.of(key, file.toString());
    assertEquals(
        "n0rth",
        load(Role.STANDALONE, services, environment).router().externalServices().turnSecret());
    assertEquals(
        List.of(
            new Problem(
                "router.turn.secret-file",
                file.toString(),
                "nothing beside router.turn.secret",
                key)),
        problems(services + "router.turn.secret: other", environment));
    Files.delete(file);
    assertEquals(
        List.of(
            new Problem(
                "router.turn.secret-file", file.toString(), "a readable file with one line", key)),
        problems(services, environment));
    assertProblem(
        new Problem(
            "router.turn.secret",
            "(hidden)",
            "the secret of the TURN servers, here or in a file",
            "not set"),
        services);
  }

  @Test
  void connectorsNeedNoSecretOfTurnServers() throws InvalidConfigException {
    Map<String, String> environment =
        Map.of(
            "ROOKERY_STORAGE_CONTACT_POINTS",
            "db:9042",
            "ROOKERY_ROUTER_EXTERNAL_SERVICES",
            "turn:turn.example");
    ConfigLoader loader = new ConfigLoader(environment);
    Config config = loader.load(Role.CONNECTOR, Optional.empty());
    assertEquals(List.of(), config.router().externalServices().services());
    assertThrows(InvalidConfigException.class, () -> loader.load(Role.ROUTER, Optional.empty()));
  }

  @Test
  void allButTheDatabaseHasDefaultsInEveryRole() throws InvalidConfigException {
    Map<String, String> database = Map.of("ROOKERY_STORAGE_CONTACT_POINTS", "db:9042");
    for (Role role : Role.values()) {
      Config config = new ConfigLoader(database).load(role, Optional.empty());
      assertFalse(config.embedsCassandra());
      assertEquals(role, config.cluster().role());
      assertEquals(role == Role.STANDALONE, config.router().registration().enabled());
    }
  }

  @Test
  void readsAFile() throws InvalidConfigException {
    Config config =
        load(
            Role.ROUTER,
            """
            domains: [ example.org, Chat.Example.Net ]
            connector:
              listeners:
                - starttls+proxy://[::1]:15222
              trusted-proxies: [ 10.0.0.0/8, "2001:db8::/32" ]
              certificates: { example.org: /tls/a.crt, chat.example.net: /tls/b.crt }
              certificate-keys: { example.org: /tls/a.key, chat.example.net: /tls/b.key }
              timeouts:
                idle: 90s
            router:
              archive-of:
                example.org: off
              contacts:
                abuse: [ "mailto:abuse@example.org" ]
            cluster:
              members: [ "router-0:5701", "router-1:5701" ]
            storage:
              contact-points: [ "db-0:9042" ]
              local-datacenter: east
              replication: { east: 3, west: 3 }
              writes: each-quorum
              user: rookery
              password: pass
              tls: true
            """,
            Map.of());
    assertEquals(
        Map.of("example.org", Archive.OFF, "chat.example.net", Archive.ALWAYS),
        config.router().archive());
    assertEquals(
        List.of(new Listener(Listener.Kind.STARTTLS, true, "::1", 15222)),
        config.connector().listeners());
    assertEquals(
        List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("2001:db8::/32")),
        config.connector().trustedProxies());
    assertEquals(Path.of("/tls/b.key"), config.connector().domains().get(1).key());
    assertEquals(Duration.ofSeconds(90), config.connector().timeouts().idle());
    assertEquals(
        Map.of(Contact.ABUSE, List.of(URI.create("mailto:abuse@example.org"))),
        config.router().contacts());
    assertEquals(
        new Discovery.Members(
            List.of(
                InetSocketAddress.createUnresolved("router-0", 5701),
                InetSocketAddress.createUnresolved("router-1", 5701))),
        config.cluster().discovery());
    assertEquals(Map.of("east", 3, "west", 3), config.storage().replication());
    assertEquals(DefaultConsistencyLevel.EACH_QUORUM, config.storage().writes());
    assertEquals(Optional.of(new Credentials("rookery", "pass")), config.storage().credentials());
    assertEquals(Optional.of(new Tls(Optional.empty())), config.storage().tls());
  }

  @Test
  void aPasswordCanComeFromAFile() throws Exception {
    Path file = Files.writeString(directory.resolve("password"), "s3cret\n");
    Map<String, String> environment =
        Map.of("ROOKERY_STORAGE_USER", "rookery", "ROOKERY_STORAGE_PASSWORD_FILE", file.toString());
    assertEquals(
        Optional.of(new Credentials("rookery", "s3cret")),
        load(Role.STANDALONE, "", environment).storage().credentials());
    Files.delete(file);
    assertEquals(
        List.of(
            new Problem(
                "storage.password-file",
                file.toString(),
                "a readable file with one line",
                "ROOKERY_STORAGE_PASSWORD_FILE")),
        problems("", environment));
  }

  @Test
  void neverShowsAPassword() {
    assertProblem(
        new Problem("storage.password", "(hidden)", "text", line(1)),
        "storage: { user: rookery, password: [ s3cret ] }");
  }

  @Test
  void theEnvironmentOverridesTheFile() throws InvalidConfigException {
    Config config =
        load(
            Role.CONNECTOR,
            "ops: { port: 1, address: 127.0.0.2 }",
            Map.of(
                "ROOKERY_OPS_PORT", "2",
                "ROOKERY_DOMAINS", "a.example, b.example",
                "ROOKERY_ROUTER_ARCHIVE_OF", "a.example=off",
                "ROOKERY_CONNECTOR_STREAM_BYTES_PER_SECOND", "1MiB"));
    assertEquals(2, config.ops().port());
    assertEquals("127.0.0.2", config.ops().address());
    assertEquals(
        Map.of("a.example", Archive.OFF, "b.example", Archive.ALWAYS), config.router().archive());
    assertEquals(1_048_576, config.connector().stream().bytesPerSecond());
  }

  @Test
  void whoHasNoAccountHasNoArchive() throws InvalidConfigException {
    Config config =
        load(
            Role.STANDALONE,
            "domains: a.example, b.example",
            Map.of("ROOKERY_ROUTER_ANONYMOUS_DOMAINS", "a.example"));
    assertEquals(
        Map.of("a.example", Archive.OFF, "b.example", Archive.ALWAYS), config.router().archive());
    assertEquals(Set.of("a.example"), config.router().anonymous().domains());
    assertEquals(Set.of("a.example"), config.connector().anonymousDomains());
  }

  @Test
  void namesEveryProblemAtOnce() {
    String yaml =
        """
        ops:
          port: many
          path: /metrics
        connector:
          timeouts: 30s
          listeners: [ "tls://0.0.0.0:5223" ]
        logging:
          level: { io.rookery: loud }
        """;
    List<Problem> problems = problems(yaml, Map.of("ROOKERY_OPS_PROT", "s3cret", "HOME", "/"));
    assertEquals(
        List.of(
            new Problem("ops.path", "(unknown key)", "one of [address, port]", line(3)),
            new Problem(
                "connector.timeouts",
                "(one value)",
                "a group of the keys [drain, idle, negotiation, ping, write]",
                line(5)),
            new Problem(
                "ROOKERY_OPS_PROT",
                "(unknown key)",
                "a variable of docs/configuration.md",
                "environment"),
            new Problem(
                "connector.listeners",
                "[tls://0.0.0.0:5223]",
                ConnectorKeys.LISTENERS.type().allowed(),
                line(6)),
            new Problem("ops.port", "many", "a whole number from 0 to 65535", line(2)),
            new Problem(
                "logging.level",
                "{io.rookery: loud}",
                "one of error, warn, info, debug, trace",
                line(8))),
        problems);
  }

  @Test
  void theMessageHasKeyValueAndWhatIsAllowed() {
    InvalidConfigException refused =
        assertThrows(
            InvalidConfigException.class,
            () -> load(Role.STANDALONE, "ops: { port: 70000 }", Map.of()));
    assertEquals(
        "bad configuration:\n  ops.port = 70000 ("
            + line(1)
            + "): allowed is a whole number from 0 to 65535",
        refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ROOKERY_OPS_PORT | 99999999999999999999",
        "ROOKERY_OPS_PORT | -1",
        "ROOKERY_OPS_PORT | ''",
        "ROOKERY_DOMAINS | ''",
        "ROOKERY_DOMAINS | a@b",
        "ROOKERY_CONNECTOR_TIMEOUTS_IDLE | 30",
        "ROOKERY_CONNECTOR_TIMEOUTS_IDLE | 8d",
        "ROOKERY_CONNECTOR_TIMEOUTS_WRITE | 0s",
        "ROOKERY_CONNECTOR_STREAM_STANZA_BYTES | 9999",
        "ROOKERY_CONNECTOR_STREAM_STANZA_BYTES | 999999999999999GiB",
        "ROOKERY_CONNECTOR_LISTENERS | starttls://0.0.0.0:99999",
        "ROOKERY_CONNECTOR_TRUSTED_PROXIES | 10.0.0.0/33",
        "ROOKERY_CONNECTOR_TRUSTED_PROXIES | example.org",
        "ROOKERY_CONNECTOR_CERTIFICATES | localhost",
        "ROOKERY_CONNECTOR_TLS | on",
        "ROOKERY_ROUTER_REGISTRATION_ENABLED | yes",
        "ROOKERY_ROUTER_SCRAM_ITERATIONS | 1000",
        "ROOKERY_ROUTER_CONTACTS_ADMIN | admin@example.org",
        "ROOKERY_CLUSTER_MEMBERS | router-0",
        "ROOKERY_CLUSTER_MEMBERS | router-0:70000",
      })
  void refusesWhatIsOutOfRange(String variable, String value) {
    List<Problem> problems = problems("", Map.of(variable, value));
    assertEquals(1, problems.size());
    assertEquals(variable, problems.get(0).origin());
    assertFalse(problems.get(0).allowed().isEmpty());
  }

  @Test
  void theEventBusHasAllOfItsFilesOrNone() throws InvalidConfigException {
    String file = file("").toString();
    String allowed = "a readable file; all three keys of cluster.bus-tls or none";
    assertProblem(
        new Problem("cluster.bus-tls.trust", "(nothing)", allowed, "not set"),
        "cluster: { bus-tls: { certificate: %s, key: %s } }".formatted(file, file));
    Config config =
        load(
            Role.STANDALONE,
            "cluster: { bus-tls: { certificate: %s, key: %s, trust: %s } }"
                .formatted(file, file, file),
            Map.of());
    assertEquals(Path.of(file), config.cluster().busTls().orElseThrow().key());
    assertEquals(
        Optional.empty(), load(Role.STANDALONE, "data: data", Map.of()).cluster().busTls());
  }

  @ParameterizedTest
  @CsvSource({
    "ROOKERY_ROUTER_EXTERNAL_SERVICES, http://a.example",
    "ROOKERY_ROUTER_EXTERNAL_SERVICES, stun:",
    "ROOKERY_ROUTER_EXTERNAL_SERVICES, stun:a.example:0",
    "ROOKERY_ROUTER_EXTERNAL_SERVICES, stun:a.example:65536",
    "ROOKERY_ROUTER_EXTERNAL_SERVICES, turn:a.example?transport=sctp",
    "ROOKERY_ROUTER_OUTAGE_STATUS, mailto:a@a.example",
    "ROOKERY_ROUTER_OUTAGE_STATUS, https:///status.json",
  })
  void refusesAddressesOfNoUse(String variable, String value) {
    List<Problem> problems = problems("", Map.of(variable, value));
    assertEquals(List.of(variable), problems.stream().map(Problem::origin).toList());
  }

  @Test
  void checksKeysAgainstEachOther() {
    assertProblem(
        new Problem(
            "connector.trusted-proxies",
            "(nothing)",
            "at least one block, as there are +proxy listeners",
            "the default"),
        "connector: { listeners: [ 'direct+proxy://0.0.0.0:5223' ] }");
    assertProblem(
        new Problem(
            "router.archive-of",
            "{a.example: off}",
            "entries for the domains [localhost]",
            line(1)),
        "router: { archive-of: { a.example: off } }");
    assertProblem(
        new Problem(
            "router.archive-of",
            "{localhost: always}",
            "no archive for domains in router.anonymous.domains",
            line(1)),
        "router: { archive-of: { localhost: always }, anonymous: { domains: localhost } }");
    assertProblem(
        new Problem(
            "router.admins",
            "juliet@localhost",
            "no accounts of domains in router.anonymous.domains",
            line(1)),
        "router: { admins: juliet@localhost, anonymous: { domains: localhost } }");
    assertProblem(
        new Problem(
            "router.anonymous.domains",
            "a.example",
            "entries for the domains [localhost]",
            line(1)),
        "router: { anonymous: { domains: a.example } }");
    assertProblem(
        new Problem(
            "connector.certificate-keys",
            "(nothing)",
            "the same domains as in connector.certificates",
            "not set"),
        "connector: { certificates: { localhost: a.crt } }");
    assertProblem(
        new Problem(
            "connector.stream.in-flight-bytes",
            "512KiB",
            "at least connector.stream.stanza-bytes",
            "the default"),
        "connector: { stream: { stanza-bytes: 1MiB } }");
    assertProblem(
        new Problem(
            "storage.user",
            "rookery",
            "a name together with storage.password or its file, or neither",
            line(1)),
        "storage: { user: rookery }");
    assertProblem(
        new Problem(
            "storage.replication",
            "datacenter1=1",
            "a number of copies for storage.local-datacenter",
            "the default"),
        "storage: { local-datacenter: east }");
    assertProblem(
        new Problem("cluster.bus-port", "5702", "another port than cluster.member-port", line(1)),
        "cluster: { bus-port: 5702, member-port: 5702 }");
  }

  @Test
  void refusesWhatIsNotYaml() {
    Problem broken = problems("domains: [ a", Map.of()).get(0);
    assertEquals("well-formed YAML", broken.allowed());
    Problem twice = problems("data: a\ndata: b\n", Map.of()).get(0);
    assertTrue(twice.value().contains("Duplicate"), twice.value());
    assertEquals("a group of keys", problems("- a\n- b\n", Map.of()).get(0).allowed());
    Problem alias = problems("ops: { address: &a here, port: *a }", Map.of()).get(0);
    assertEquals("ops.port", alias.key());
  }

  @Test
  void refusesAFileThatCannotBeRead() {
    Path missing = directory.resolve("missing.yaml");
    InvalidConfigException refused =
        assertThrows(
            InvalidConfigException.class,
            () -> new ConfigLoader(Map.of()).load(Role.STANDALONE, Optional.of(missing)));
    assertEquals("a readable file", refused.problems().get(0).allowed());
  }

  @Test
  void asksTheApiOfKubernetesOnRequest() throws InvalidConfigException {
    String api = "cluster.kubernetes-discovery: api\n";
    Config config =
        load(
            Role.STANDALONE,
            api,
            Map.of("ROOKERY_CLUSTER_KUBERNETES_SERVICE", "nodes.chat.svc.cluster.local"));
    assertEquals(new Discovery.KubernetesApi("chat", "nodes"), config.cluster().discovery());
    assertProblem(
        new Problem(
            "cluster.kubernetes-service",
            "(nothing)",
            "`service.namespace.…` for discovery by the API",
            "not set"),
        api);
  }

  @Test
  void passesOverWhatKubernetesSetsForServices() throws InvalidConfigException {
    Map<String, String> links =
        Map.of(
            "ROOKERY_SERVICE_HOST", "10.0.0.1",
            "ROOKERY_PORT", "tcp://10.0.0.1:5222",
            "ROOKERY_CONNECTOR_PORT_5222_TCP_ADDR", "10.0.0.1",
            "ROOKERY_CONNECTOR_SERVICE_PORT_XMPP_CLIENT", "5222");
    assertEquals(9280, load(Role.CONNECTOR, "", links).ops().port());
  }
}
