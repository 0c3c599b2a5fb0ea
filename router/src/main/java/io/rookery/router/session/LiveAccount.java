package io.rookery.router.session;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.router.extension.AccountKey;
import io.rookery.router.extension.AccountView;
import io.rookery.storage.archive.ArchivePolicy;
import io.rookery.storage.blocking.BlockList;
import io.rookery.storage.roster.Roster;
import io.rookery.storage.roster.RosterItem;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * An account in the memory of its owner: sessions, roster, and the order of what is done for it.
 * Lives on the owner's loop; nothing here is shared and nothing locks.
 */
public final class LiveAccount implements AccountView {

  /** How much of the account is in memory. */
  public enum Level {
    NOTHING,
    /** Whether the account exists, whom it blocks, and what of its messages is archived. */
    EXISTENCE,
    /** That, and its roster. */
    ROSTER
  }

  /** Something to be done once enough of the account is loaded. */
  record Waiting(Level level, Runnable task) {}

  private final Jid jid;
  private final boolean anonymous;
  private final List<Session> sessions = new ArrayList<>(1);
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(0);
  private Map<Jid, RosterItem> contacts = Map.of();
  private Level level = Level.NOTHING;
  private boolean exists;
  private BlockList blockList;
  private boolean loading;
  private final List<String> holds = new ArrayList<>(0);
  private boolean blocked;
  private long rosterVersion;
  private Future<Void> blockListWritten = Future.succeededFuture();
  private String photo = "";
  private Future<Void> rosterWritten = Future.succeededFuture();
  private long lastId;
  private long lastAppended;
  private boolean caughtUp;
  private final Appending appending = new Appending();
  private int offlineKept;
  private String lastStatus = "";
  private boolean tailKnown;
  private Map<Long, Long> deliveredNotLogged = Map.of();
  private boolean cursorDue;
  private long cursor;
  private Future<Void> cursorWritten = Future.succeededFuture();
  private boolean cursorAgain;
  private final ArchiveChoice archive = new ArchiveChoice();
  private boolean existenceKnown;
  private Map<AccountKey<?>, Object> kept = Map.of();
  private final Turns turns = new Turns();

  LiveAccount(Jid jid) {
    this(jid, false);
  }

  LiveAccount(Jid jid, boolean anonymous) {
    this.jid = jid;
    this.anonymous = anonymous;
  }

  @Override
  public Jid jid() {
    return jid;
  }

  @Override
  public boolean isAnonymous() {
    return anonymous;
  }

  /** Meaningful from {@link Level#EXISTENCE} on. */
  public boolean exists() {
    return exists;
  }

  @Override
  public List<Session> sessions() {
    return sessions;
  }

  /** The session of that resource if it is the one on the stream, or null. */
  public Session session(String resource, LoopAddress connector, long stream) {
    Session session = session(resource);
    return session != null && session.isOn(connector, stream) ? session : null;
  }

  /** The session of that resource, or null. */
  public Session session(String resource) {
    for (int i = 0; i < sessions.size(); i++) {
      Session session = sessions.get(i);
      if (session.jid().resource().equals(resource)) {
        return session;
      }
    }
    return null;
  }

  void add(Session session) {
    sessions.add(session);
  }

  boolean remove(Session session) {
    return sessions.remove(session);
  }

  /** True when a message to the bare address can be delivered now. */
  public boolean takesMessages() {
    for (int i = 0; i < sessions.size(); i++) {
      if (sessions.get(i).takesMessages()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public RosterItem contact(Jid bare) {
    return contacts.get(bare);
  }

  /** Whether the user sees the bare address in the roster. */
  public boolean isContact(Jid bare) {
    RosterItem item = contacts.get(bare);
    return item != null && !item.hidden();
  }

  /** Which messages the user wants archived. */
  public ArchiveChoice archive() {
    return archive;
  }

  @Override
  public Collection<RosterItem> contacts() {
    return Collections.unmodifiableCollection(contacts.values());
  }

  public long rosterVersion() {
    return rosterVersion;
  }

  /** Changes the roster in memory and gives the version under which to store the change. */
  public long putContact(RosterItem item) {
    writableContacts().put(item.contact(), item);
    return ++rosterVersion;
  }

  /** As {@link #putContact}, for a removal. */
  public long removeContact(Jid contact) {
    writableContacts().remove(contact);
    return ++rosterVersion;
  }

  private Map<Jid, RosterItem> writableContacts() {
    if (!(contacts instanceof HashMap)) {
      contacts = new HashMap<>(contacts);
    }
    return contacts;
  }

  /** Writes to the stored roster, each when the one before is done: versions come in order. */
  public Future<Void> writeRoster(Supplier<Future<Void>> write) {
    rosterWritten = rosterWritten.transform(before -> write.get());
    return rosterWritten;
  }

  @Override
  public BlockList blockList() {
    return blockList;
  }

  public void blockList(BlockList list) {
    blockList = list.isEmpty() ? null : list;
  }

  /** Writes to the stored block list, each when the one before is done: the last one stays. */
  public Future<Void> writeBlockList(Supplier<Future<Void>> write) {
    blockListWritten = blockListWritten.transform(before -> write.get());
    return blockListWritten;
  }

  @Override
  public String photo() {
    return photo;
  }

  public void photo(String hash) {
    photo = hash;
  }

  /**
   * The id of the next entry of the mailbox: time-ordered and unique.
   *
   * @param nowMillis since 1970
   */
  public long nextMailboxId(long nowMillis) {
    lastId = Math.max(nowMillis << 16, lastId + 1);
    return lastId;
  }

  /** Messages kept for later since the account was loaded, or they were last delivered. */
  public int offlineKept() {
    return offlineKept;
  }

  public void offlineKept(int count) {
    offlineKept = count;
  }

  /** What the client said last when it became unavailable (XEP-0012); empty for nothing. */
  public String lastStatus() {
    return lastStatus;
  }

  public void lastStatus(String status) {
    lastStatus = status;
  }

  /**
   * An entry is being appended.
   *
   * @param waits no session has taken it
   */
  public void appending(long id, boolean waits) {
    lastAppended = Math.max(lastAppended, id);
    caughtUp &= !waits;
    appending.begin(id);
  }

  /** An append has ended; what it appended can be read now. */
  public void appended(long id) {
    appending.end(id);
  }

  /** Completes when everything that is being appended now can be read. */
  public Future<Void> allAppended() {
    return appending.ended();
  }

  /** The greatest id of what has been, or is being, appended; 0 when nothing is known of it. */
  public long lastAppended() {
    return lastAppended;
  }

  /** All that waited in the log has been delivered. */
  public void caughtUp() {
    caughtUp = true;
  }

  /**
   * The last id in the log up to which sessions have taken everything: for those under stream
   * management, acknowledged it. Otherwise, or unknown, 0.
   */
  public long lastTaken() {
    if (!caughtUp) {
      return 0;
    }
    long taken = lastAppended;
    for (int i = 0; i < sessions.size(); i++) {
      Outbox outbox = sessions.get(i).outbox();
      long oldest = outbox == null ? 0 : outbox.oldestPosition();
      if (oldest != 0) {
        taken = Math.min(taken, oldest - 1);
      }
    }
    return taken;
  }

  /** Something waits in the log, or it is not known that nothing does. */
  public boolean isBehind() {
    return !caughtUp;
  }

  /** Something that was taken is not any more: it waits in the log. */
  public void fallenBehind() {
    caughtUp = false;
  }

  /** Where the stored cursor on the log is, as far as is known here. */
  public long cursor() {
    return cursor;
  }

  public void cursor(long position) {
    cursor = Math.max(cursor, position);
  }

  /** Writes the cursor as it is when the write before is done: it never goes back. */
  public Future<Void> writeCursor(LongFunction<Future<Void>> write) {
    if (cursorWritten.isComplete()) {
      cursorWritten = write.apply(cursor);
    } else if (!cursorAgain) {
      cursorAgain = true;
      cursorWritten =
          cursorWritten.transform(
              before -> {
                cursorAgain = false;
                return write.apply(cursor);
              });
    }
    return cursorWritten;
  }

  /** Completes when no write of the cursor is under way any more. */
  public Future<Void> cursorWritten() {
    return cursorWritten.otherwiseEmpty();
  }

  /** Sessions have taken something: the cursor is to be moved some time. */
  public void cursorDue() {
    cursorDue = true;
  }

  /** True once after {@link #cursorDue()}. */
  public boolean takeCursorDue() {
    boolean due = cursorDue;
    cursorDue = false;
    return due;
  }

  /** What the log says of the last minutes has been read: repetitions can be told. */
  public boolean isTailKnown() {
    return tailKnown;
  }

  public void tailKnown() {
    tailKnown = true;
  }

  /** The log has entries up to this one, made by an owner before. */
  public void logged(long id) {
    lastAppended = Math.max(lastAppended, id);
    lastId = Math.max(lastId, id);
  }

  /**
   * Clients have these messages, but the owner before died before they were in the log.
   *
   * @param positions the ids under which they were to be there, by origin
   */
  public void deliveredNotLogged(Map<Long, Long> positions) {
    deliveredNotLogged = positions.isEmpty() ? Map.of() : positions;
  }

  /** The id under which a message of this origin has still to be written; 0 for none. Once. */
  public long takeDeliveredNotLogged(long origin) {
    Long position = deliveredNotLogged.isEmpty() ? null : deliveredNotLogged.remove(origin);
    return position == null ? 0 : position;
  }

  @Override
  @SuppressWarnings("unchecked") // under a key is what the key has made
  public <T> T get(AccountKey<T> key) {
    if (kept.isEmpty()) {
      kept = new HashMap<>(2);
    }
    return (T) kept.computeIfAbsent(key, AccountKey::initial);
  }

  /** What extensions keep with the account is made anew when it is asked for again. */
  void forgetKept() {
    if (!kept.isEmpty()) {
      kept.keySet().removeIf(key -> !key.isLasting());
      kept = kept.isEmpty() ? Map.of() : kept;
    }
  }

  @Override
  public <T> Future<T> inTurn(Supplier<Future<T>> work) {
    return turns.take(work);
  }

  // What LiveAccounts keeps here.

  Level level() {
    return level;
  }

  boolean isLoading() {
    return loading;
  }

  void loading() {
    loading = true;
  }

  /**
   * @param roster null when it was not read
   */
  void loaded(boolean accountExists, BlockList blocked, ArchivePolicy policy, Roster roster) {
    loading = false;
    exists = accountExists;
    existenceKnown = true;
    blockList(blocked);
    archive.loaded(policy);
    level = roster == null ? Level.EXISTENCE : Level.ROSTER;
    if (roster != null) {
      contacts = roster.items().isEmpty() ? Map.of() : new HashMap<>(roster.items());
      rosterVersion = roster.version();
      photo = roster.photo();
    }
  }

  /** No need to ask whether the account exists. */
  void known() {
    if (level == Level.NOTHING) {
      existenceKnown = true;
      exists = true;
    }
  }

  boolean isExistenceKnown() {
    return existenceKnown;
  }

  void hold(String what) {
    holds.add(what);
  }

  void release(String what) {
    holds.remove(what);
    unblocked();
  }

  boolean isHeld() {
    return !holds.isEmpty();
  }

  /** Something that waited has come to its turn. */
  void unblocked() {
    blocked = false;
  }

  /** True when something has waited, and nothing has come to its turn, since the last call. */
  boolean hasBeenBlocked() {
    boolean before = blocked;
    blocked = isHeld() || loading || !waiting.isEmpty();
    return before && blocked;
  }

  /** For the log. */
  String blockedBy() {
    return holds + (loading ? ", loading" : "") + ", waiting: " + waiting.size();
  }

  ArrayDeque<Waiting> waiting() {
    return waiting;
  }

  /** Nothing is under way for the account: another owner can take it over. */
  boolean isQuiet() {
    return waiting.isEmpty()
        && !loading
        && holds.isEmpty()
        && appending.isNothing()
        && turns.isQuiet()
        && rosterWritten.isComplete()
        && blockListWritten.isComplete()
        && cursorWritten.isComplete()
        && archive.isWritten();
  }

  boolean isIdle() {
    return sessions.isEmpty() && isQuiet();
  }
}
