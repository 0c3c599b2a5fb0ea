package io.rookery.standalone.service;

import io.rookery.cluster.Loop;
import io.rookery.cluster.Ownership;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.standalone.ops.Administration;
import io.rookery.storage.cassandra.CassandraStorage;
import io.rookery.storage.secret.SharedSecrets;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Administration of a node that has storage, once it is up. */
final class Administrator implements Administration {
  private volatile Opened opened;

  private record Opened(CassandraStorage storage, Ownership ownership, Loop loop) {}

  /** The secret: whoever may read the database knows it. */
  static Future<String> token(SharedSecrets secrets) {
    return secrets.shared("admin").map(secret -> HexFormat.of().formatHex(secret));
  }

  /**
   * @param loop what is sent to owners goes through it
   */
  void open(CassandraStorage storage, Ownership ownership, Loop loop) {
    opened = new Opened(storage, ownership, loop);
  }

  @Override
  public Future<Boolean> admits(String token) {
    Opened node = opened;
    return node == null
        ? Future.failedFuture("not ready")
        : token(node.storage.secrets())
            .map(
                secret ->
                    MessageDigest.isEqual(
                        secret.getBytes(StandardCharsets.UTF_8),
                        token.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public Future<Boolean> removeAccount(Jid account) {
    Opened node = opened;
    return node.storage
        .accounts()
        .find(account)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(false)
                    : tellOwner(node, account).map(true));
  }

  private static Future<Void> tellOwner(Opened node, Jid account) {
    LoopAddress owner = node.ownership.ownerOf(account);
    if (owner == null) {
      return Future.failedFuture("nobody owns " + account + " now");
    }
    node.loop
        .context()
        .runOnContext(v -> node.loop.send(owner, new ToRouter.AccountRemoved(account)));
    return Future.succeededFuture();
  }
}
