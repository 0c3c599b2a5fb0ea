package io.rookery.storage.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.data.UdtValue;
import com.datastax.oss.driver.api.core.type.MapType;
import com.datastax.oss.driver.api.core.type.UserDefinedType;
import io.rookery.protocol.jid.Jid;
import io.rookery.storage.account.Account;
import io.rookery.storage.account.Accounts;
import io.rookery.storage.account.ScramKeys;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Accounts, changed by lightweight transactions, so that an address is given away once.
 *
 * <p>The index by domain is written before an account and removed after it: a crash in between
 * leaves a name without account in the list, which deleting removes, never an account that is not
 * listed.
 */
final class CassandraAccounts implements Accounts {
  /** Fixed for ever. A million accounts in one domain are 16,000 short rows in each. */
  private static final int BUCKETS = 64;

  private final Query create;
  private final Query find;
  private final Query changeKeys;
  private final Query addKeys;
  private final Query disable;
  private final Query delete;
  private final Query index;
  private final Query unindex;
  private final Query list;
  private final UserDefinedType keysType;

  private CassandraAccounts(
      Query create,
      Query find,
      Query changeKeys,
      Query addKeys,
      Query disable,
      Query delete,
      Query index,
      Query unindex,
      Query list) {
    this.create = create;
    this.find = find;
    this.changeKeys = changeKeys;
    this.addKeys = addKeys;
    this.disable = disable;
    this.delete = delete;
    this.index = index;
    this.unindex = unindex;
    this.list = list;
    this.keysType =
        (UserDefinedType)
            ((MapType) changeKeys.prepared().getVariableDefinitions().get("keys").getType())
                .getValueType();
  }

  static Future<Accounts> prepare(Requests requests) {
    Future<Query> create =
        requests.prepareConditional(
            "account_create",
            "INSERT INTO %s.accounts (jid, created, keys) VALUES (?, ?, ?) IF NOT EXISTS");
    Future<Query> find =
        requests.prepareRead(
            "account_find", "SELECT created, keys, disabled FROM %s.accounts WHERE jid = ?");
    Future<Query> changeKeys =
        requests.prepareConditional(
            "account_change_keys", "UPDATE %s.accounts SET keys = ? WHERE jid = ? IF EXISTS");
    Future<Query> addKeys =
        requests.prepareConditional(
            "account_add_keys", "UPDATE %s.accounts SET keys = ? WHERE jid = ? IF keys = ?");
    Future<Query> disable =
        requests.prepareConditional(
            "account_disable", "UPDATE %s.accounts SET disabled = ? WHERE jid = ? IF EXISTS");
    Future<Query> delete =
        requests.prepareConditional(
            "account_delete", "DELETE FROM %s.accounts WHERE jid = ? IF EXISTS");
    Future<Query> index =
        requests.prepareWrite(
            "account_index",
            "INSERT INTO %s.accounts_by_domain (domain, bucket, jid) VALUES (?, ?, ?)");
    Future<Query> unindex =
        requests.prepareWrite(
            "account_unindex",
            "DELETE FROM %s.accounts_by_domain WHERE domain = ? AND bucket = ? AND jid = ?");
    Future<Query> list =
        requests.prepareRead(
            "account_list",
            "SELECT jid FROM %s.accounts_by_domain"
                + " WHERE domain = ? AND bucket = ? AND jid > ? LIMIT ?");
    return Future.all(
            List.of(create, find, changeKeys, addKeys, disable, delete, index, unindex, list))
        .map(
            ready ->
                new CassandraAccounts(
                    create.result(),
                    find.result(),
                    changeKeys.result(),
                    addKeys.result(),
                    disable.result(),
                    delete.result(),
                    index.result(),
                    unindex.result(),
                    list.result()));
  }

  @Override
  public Future<Boolean> create(Account account) {
    Jid jid = account.jid();
    return index
        .write(jid.domain(), bucket(jid), jid.toString())
        .compose(
            indexed -> create.writeIf(jid.toString(), account.created(), encode(account.keys())));
  }

  @Override
  public Future<Optional<Account>> find(Jid account) {
    return find.one(row -> decode(account, row), account.toString());
  }

  @Override
  public Future<Boolean> changeKeys(Jid account, Map<ScramKeys.Hash, ScramKeys> keys) {
    return changeKeys.writeIf(encode(keys), account.toString());
  }

  @Override
  public Future<Boolean> addKeys(Account known, ScramKeys added) {
    Map<ScramKeys.Hash, ScramKeys> all = new EnumMap<>(ScramKeys.Hash.class);
    all.putAll(known.keys());
    all.put(added.hash(), added);
    return addKeys.writeIf(encode(all), known.jid().toString(), encode(known.keys()));
  }

  @Override
  public Future<Boolean> disable(Jid account, boolean disabled) {
    return disable.writeIf(disabled, account.toString());
  }

  @Override
  public Future<Boolean> delete(Jid account) {
    return delete
        .writeIf(account.toString())
        .compose(
            deleted ->
                unindex.write(account.domain(), bucket(account), account.toString()).map(deleted));
  }

  @Override
  public Future<List<Jid>> list(String domain, Jid after, int limit) {
    return after == null
        ? list(domain, 0, "", limit, new ArrayList<>())
        : list(domain, bucket(after), after.toString(), limit, new ArrayList<>());
  }

  private Future<List<Jid>> list(
      String domain, int bucket, String after, int limit, List<Jid> found) {
    if (bucket == BUCKETS || found.size() == limit) {
      return Future.succeededFuture(found);
    }
    return list.all(row -> Jid.parse(row.getString(0)), domain, bucket, after, limit - found.size())
        .compose(
            more -> {
              found.addAll(more);
              return list(domain, bucket + 1, "", limit, found);
            });
  }

  /** From the text, because that hash is specified and the same in every release. */
  private static int bucket(Jid account) {
    return Math.floorMod(account.toString().hashCode(), BUCKETS);
  }

  private Map<String, UdtValue> encode(Map<ScramKeys.Hash, ScramKeys> keys) {
    Map<String, UdtValue> encoded = new TreeMap<>(); // in the order they are stored in
    keys.forEach(
        (hash, of) ->
            encoded.put(
                hash.key(),
                keysType.newValue(
                    ByteBuffer.wrap(of.salt()),
                    of.iterations(),
                    ByteBuffer.wrap(of.storedKey()),
                    ByteBuffer.wrap(of.serverKey()))));
    return encoded;
  }

  private static Account decode(Jid jid, Row row) {
    Map<String, UdtValue> encoded = row.getMap("keys", String.class, UdtValue.class);
    Map<ScramKeys.Hash, ScramKeys> keys = new EnumMap<>(ScramKeys.Hash.class);
    for (ScramKeys.Hash hash : ScramKeys.Hash.values()) {
      UdtValue of = encoded.get(hash.key());
      if (of != null) {
        keys.put(hash, decode(hash, of));
      }
    }
    return new Account(jid, keys, row.getInstant("created"), row.getBoolean("disabled"));
  }

  private static ScramKeys decode(ScramKeys.Hash hash, UdtValue of) {
    return new ScramKeys(
        hash,
        Bytes.array(of.getByteBuffer("salt")),
        of.getInt("iterations"),
        Bytes.array(of.getByteBuffer("stored_key")),
        Bytes.array(of.getByteBuffer("server_key")));
  }
}
