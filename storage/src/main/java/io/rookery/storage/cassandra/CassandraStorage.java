package io.rookery.storage.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import io.micrometer.core.instrument.MeterRegistry;
import io.rookery.storage.account.Accounts;
import io.rookery.storage.activity.LastActivities;
import io.rookery.storage.archive.ArchivePolicies;
import io.rookery.storage.blocking.BlockLists;
import io.rookery.storage.cluster.ClusterViews;
import io.rookery.storage.directory.Directory;
import io.rookery.storage.invitation.Invitations;
import io.rookery.storage.mailbox.Mailboxes;
import io.rookery.storage.privatedata.PrivateData;
import io.rookery.storage.pubsub.PersonalNodes;
import io.rookery.storage.push.PushRegistrations;
import io.rookery.storage.roster.Rosters;
import io.rookery.storage.secret.SharedSecrets;
import io.rookery.storage.token.LoginTokens;
import io.rookery.storage.vcard.Vcards;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/**
 * The stores in Cassandra. Results arrive on the Vert.x context of the caller, if it has one. A
 * request fails, and does not hang, when Cassandra does not answer in time; the connections come
 * back on their own when it does again.
 */
public final class CassandraStorage {
  private final CqlSession session;
  private final Query ping;
  private final Accounts accounts;
  private final Rosters rosters;
  private final Mailboxes mailboxes;
  private final LastActivities lastActivities;
  private final BlockLists blockLists;
  private final PrivateData privateData;
  private final Vcards vcards;
  private final SharedSecrets secrets;
  private final ClusterViews clusterViews;
  private final ArchivePolicies archivePolicies;
  private final LoginTokens loginTokens;
  private final PersonalNodes personalNodes;
  private final PushRegistrations pushRegistrations;
  private final Invitations invitations;
  private final Directory directory;

  private CassandraStorage(
      CqlSession session,
      Query ping,
      Accounts accounts,
      Rosters rosters,
      Mailboxes mailboxes,
      LastActivities lastActivities,
      BlockLists blockLists,
      PrivateData privateData,
      Vcards vcards,
      SharedSecrets secrets,
      ClusterViews clusterViews,
      ArchivePolicies archivePolicies,
      LoginTokens loginTokens,
      PersonalNodes personalNodes,
      PushRegistrations pushRegistrations,
      Invitations invitations,
      Directory directory) {
    this.session = session;
    this.ping = ping;
    this.accounts = accounts;
    this.rosters = rosters;
    this.mailboxes = mailboxes;
    this.lastActivities = lastActivities;
    this.blockLists = blockLists;
    this.privateData = privateData;
    this.vcards = vcards;
    this.secrets = secrets;
    this.clusterViews = clusterViews;
    this.archivePolicies = archivePolicies;
    this.loginTokens = loginTokens;
    this.personalNodes = personalNodes;
    this.pushRegistrations = pushRegistrations;
    this.invitations = invitations;
    this.directory = directory;
  }

  /**
   * Connects, migrates the schema and prepares the statements, once; to be repeated by the caller
   * when Cassandra is not there yet. Fails with {@link SchemaTooNewException} when repeating is of
   * no use.
   */
  public static Future<CassandraStorage> open(
      Vertx vertx, StorageConfig config, MeterRegistry meters) {
    return open(vertx, config, meters, Schema.current());
  }

  static Future<CassandraStorage> open(
      Vertx vertx, StorageConfig config, MeterRegistry meters, Schema schema) {
    Context context = vertx.getOrCreateContext();
    return vertx
        .executeBlocking(() -> Sessions.connect(config), false)
        .compose(stage -> Future.fromCompletionStage(stage, context))
        .compose(
            session ->
                new Migrations(vertx, session, config, schema, UUID.randomUUID())
                    .run()
                    .compose(done -> prepare(vertx, session, config, meters))
                    .recover(
                        failure -> close(session).transform(done -> Future.failedFuture(failure))));
  }

  private static Future<CassandraStorage> prepare(
      Vertx vertx, CqlSession session, StorageConfig config, MeterRegistry meters) {
    Requests requests = new Requests(session, config, meters);
    Future<Query> ping =
        requests.prepareRead(
            "ping", "SELECT version FROM %s.schema_migrations WHERE component = 'rookery' LIMIT 1");
    Future<Accounts> accounts = CassandraAccounts.prepare(requests);
    Future<Rosters> rosters = CassandraRosters.prepare(requests);
    Future<Mailboxes> mailboxes =
        CassandraMailboxes.prepare(vertx, requests, config.retention(), Clock.systemUTC());
    Future<LastActivities> activities = CassandraLastActivities.prepare(requests);
    Future<BlockLists> blocks = CassandraBlockLists.prepare(requests);
    Future<PrivateData> privateData = CassandraPrivateData.prepare(requests);
    Future<Vcards> vcards = CassandraVcards.prepare(requests);
    Future<SharedSecrets> secrets = CassandraSecrets.prepare(requests);
    Future<ClusterViews> views =
        CassandraClusterViews.prepare(vertx, requests, config.requestTimeout());
    Future<ArchivePolicies> policies = CassandraArchivePolicies.prepare(requests);
    Future<LoginTokens> tokens = CassandraLoginTokens.prepare(requests);
    Future<PersonalNodes> nodes = CassandraPersonalNodes.prepare(requests);
    Future<PushRegistrations> pushes = CassandraPushRegistrations.prepare(requests);
    Future<Invitations> invitations = CassandraInvitations.prepare(requests);
    Future<Directory> directory = CassandraDirectory.prepare(requests);
    return Future.all(
            List.of(
                ping,
                accounts,
                rosters,
                mailboxes,
                activities,
                blocks,
                privateData,
                vcards,
                secrets,
                views,
                policies,
                tokens,
                nodes,
                pushes,
                invitations,
                directory))
        .map(
            ready ->
                new CassandraStorage(
                    session,
                    ping.result(),
                    accounts.result(),
                    rosters.result(),
                    mailboxes.result(),
                    activities.result(),
                    blocks.result(),
                    privateData.result(),
                    vcards.result(),
                    secrets.result(),
                    views.result(),
                    policies.result(),
                    tokens.result(),
                    nodes.result(),
                    pushes.result(),
                    invitations.result(),
                    directory.result()));
  }

  public Accounts accounts() {
    return accounts;
  }

  public Rosters rosters() {
    return rosters;
  }

  public Mailboxes mailboxes() {
    return mailboxes;
  }

  public LastActivities lastActivities() {
    return lastActivities;
  }

  public BlockLists blockLists() {
    return blockLists;
  }

  public PrivateData privateData() {
    return privateData;
  }

  public Vcards vcards() {
    return vcards;
  }

  public SharedSecrets secrets() {
    return secrets;
  }

  public ClusterViews clusterViews() {
    return clusterViews;
  }

  public ArchivePolicies archivePolicies() {
    return archivePolicies;
  }

  public LoginTokens loginTokens() {
    return loginTokens;
  }

  public PersonalNodes personalNodes() {
    return personalNodes;
  }

  public PushRegistrations pushRegistrations() {
    return pushRegistrations;
  }

  public Invitations invitations() {
    return invitations;
  }

  public Directory directory() {
    return directory;
  }

  /** Succeeds when a read at the configured consistency does: storage is ready. */
  public Future<Void> ping() {
    return ping.execute(ping.bind()).mapEmpty();
  }

  /** Requests under way are finished, later ones fail. */
  public Future<Void> close() {
    return close(session);
  }

  private static Future<Void> close(CqlSession session) {
    return Future.fromCompletionStage(session.closeAsync());
  }
}
