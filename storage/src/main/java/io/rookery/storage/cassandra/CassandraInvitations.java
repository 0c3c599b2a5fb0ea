package io.rookery.storage.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import io.rookery.protocol.jid.Jid;
import io.rookery.storage.invitation.Invitation;
import io.rookery.storage.invitation.Invitations;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Invitations. What can be used once, or kept once, is changed by lightweight transactions; the
 * index by inviter is written first and removed last, so that nothing is left that is not in it.
 */
record CassandraInvitations(
    Query put,
    Query index,
    Query reserve,
    Query find,
    Query reservation,
    Query list,
    Query claim,
    Query release,
    Query remove,
    Query unindex,
    Query unreserve)
    implements Invitations {
  /** Routers make fewer for an inviter. */
  private static final int MAX = 1001;

  private static final String OF = " WHERE hash = ?";

  static Future<Invitations> prepare(Requests requests) {
    Future<Query> put =
        requests.prepareConditional(
            "invitation_put",
            "INSERT INTO %s.invitations"
                + " (hash, inviter, account, registers, subscribes, expires)"
                + " VALUES (?, ?, ?, ?, ?, ?) IF NOT EXISTS USING TTL ?");
    Future<Query> index =
        requests.prepareWrite(
            "invitation_index",
            "INSERT INTO %s.invitations_by_inviter (inviter, hash, account)"
                + " VALUES (?, ?, ?) USING TTL ?");
    Future<Query> reserve =
        requests.prepareConditional(
            "address_reserve",
            "INSERT INTO %s.reserved_addresses (jid, hash) VALUES (?, ?)"
                + " IF NOT EXISTS USING TTL ?");
    Future<Query> find =
        requests.prepareRead(
            "invitation_find",
            "SELECT inviter, account, registers, subscribes, expires, claim FROM %s.invitations"
                + OF);
    Future<Query> reservation =
        requests.prepareRead(
            "address_reservation", "SELECT hash FROM %s.reserved_addresses WHERE jid = ?");
    Future<Query> list =
        requests.prepareRead(
            "invitation_list",
            "SELECT hash, account FROM %s.invitations_by_inviter WHERE inviter = ? LIMIT " + MAX);
    Future<Query> claim =
        requests.prepareConditional(
            "invitation_claim",
            "UPDATE %s.invitations USING TTL ? SET claim = ?"
                + OF
                + " IF inviter = ? AND claim = ?");
    Future<Query> release =
        requests.prepareConditional(
            "invitation_release", "UPDATE %s.invitations SET claim = null" + OF + " IF claim = ?");
    Future<Query> remove =
        requests.prepareConditional(
            "invitation_remove", "DELETE FROM %s.invitations" + OF + " IF EXISTS");
    Future<Query> unindex =
        requests.prepareWrite(
            "invitation_unindex",
            "DELETE FROM %s.invitations_by_inviter WHERE inviter = ? AND hash = ?");
    Future<Query> unreserve =
        requests.prepareConditional(
            "address_unreserve", "DELETE FROM %s.reserved_addresses WHERE jid = ? IF hash = ?");
    return Future.all(
            List.of(
                put,
                index,
                reserve,
                find,
                reservation,
                list,
                claim,
                release,
                remove,
                unindex,
                unreserve))
        .map(
            ready ->
                new CassandraInvitations(
                    put.result(),
                    index.result(),
                    reserve.result(),
                    find.result(),
                    reservation.result(),
                    list.result(),
                    claim.result(),
                    release.result(),
                    remove.result(),
                    unindex.result(),
                    unreserve.result()));
  }

  @Override
  public Future<Boolean> put(Invitation invitation, Duration keep) {
    int seconds = Math.toIntExact(keep.toSeconds());
    if (invitation.account() == null) {
      return write(invitation, seconds);
    }
    return reserve
        .writeIf(text(invitation.account()), token(invitation), seconds)
        .compose(reserved -> reserved ? write(invitation, seconds) : Future.succeededFuture(false));
  }

  /** When it fails, an address need not be kept for nobody. */
  private Future<Boolean> write(Invitation invitation, int seconds) {
    return index
        .write(text(invitation.inviter()), token(invitation), text(invitation.account()), seconds)
        .compose(
            indexed ->
                put.writeIf(
                    token(invitation),
                    text(invitation.inviter()),
                    text(invitation.account()),
                    invitation.registers(),
                    invitation.subscribes(),
                    invitation.expires(),
                    seconds))
        .recover(failure -> remove(invitation).transform(removed -> Future.failedFuture(failure)));
  }

  @Override
  public Future<Optional<Invitation>> find(byte[] token) {
    return find.one(row -> decode(token, row), ByteBuffer.wrap(token))
        .map(found -> found.filter(invitation -> invitation.inviter() != null));
  }

  /** A claim can outlive its invitation for a moment; it has no inviter then, so it is none. */
  private static Invitation decode(byte[] token, Row row) {
    return new Invitation(
        token,
        jid(row.getString("inviter")),
        jid(row.getString("account")),
        row.getBoolean("registers"),
        row.getBoolean("subscribes"),
        row.getInstant("expires"),
        jid(row.getString("claim")));
  }

  @Override
  public Future<Integer> count(Jid inviter) {
    return list.all(row -> 1, text(inviter)).map(List::size);
  }

  @Override
  public Future<Optional<byte[]>> reservation(Jid account) {
    return reservation.one(row -> Bytes.array(row.getByteBuffer("hash")), text(account));
  }

  @Override
  public Future<Boolean> claim(Invitation invitation, Jid by, Duration hold) {
    if (invitation.claim() != null && !invitation.claim().equals(by)) {
      return Future.succeededFuture(false);
    }
    return claim.writeIf(
        Math.toIntExact(hold.toSeconds()),
        text(by),
        token(invitation),
        text(invitation.inviter()),
        text(invitation.claim()));
  }

  @Override
  public Future<Void> release(Invitation invitation, Jid by) {
    return release.writeIf(token(invitation), text(by)).mapEmpty();
  }

  @Override
  public Future<Void> remove(Invitation invitation) {
    return remove(invitation.inviter(), token(invitation), text(invitation.account()));
  }

  private Future<Void> remove(Jid inviter, ByteBuffer token, String account) {
    Future<Boolean> unreserved =
        account == null
            ? Future.succeededFuture(true)
            : unreserve.writeIf(account, token.duplicate());
    return unreserved
        .compose(v -> remove.writeIf(token.duplicate()))
        .compose(v -> unindex.write(text(inviter), token.duplicate()));
  }

  /** An entry of the index. */
  private record Entry(ByteBuffer token, String account) {}

  @Override
  public Future<Void> delete(Jid inviter) {
    return list.all(
            row -> new Entry(row.getByteBuffer("hash"), row.getString("account")), text(inviter))
        .compose(
            entries -> {
              Future<Void> removed = Future.succeededFuture();
              for (Entry entry : entries) {
                removed = removed.compose(v -> remove(inviter, entry.token(), entry.account()));
              }
              return removed;
            });
  }

  private static ByteBuffer token(Invitation invitation) {
    return ByteBuffer.wrap(invitation.token());
  }

  private static String text(Jid jid) {
    return jid == null ? null : jid.toString();
  }

  private static Jid jid(String text) {
    return text == null ? null : Jid.parse(text);
  }
}
