package io.rookery.router.command;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.StanzaError;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The commands that an account is executing (XEP-0050, section 3.3). In memory only: when another
 * owner takes the account over, they have expired. Of too many the oldest expires.
 */
final class Sessions {
  /** Commands of one account at a time. */
  static final int MAX = 8;

  /** Ended ones that are remembered, to tell them from those that never were. */
  private static final int MAX_ENDED = 32;

  /** Stages one can go back to. */
  static final int MAX_STAGES = 16;

  /**
   * One command in execution.
   *
   * @param requester the full address that began it
   * @param expires when nothing has come until then
   * @param stages the forms so far, the current one last
   */
  record Session(
      String id, String node, Jid requester, Instant expires, ArrayDeque<Stage.Ask> stages) {
    Stage.Ask current() {
      return stages.getLast();
    }
  }

  /** A session, or why there is none. */
  record Found(Session session, StanzaError error) {}

  private final Map<String, Session> open = new LinkedHashMap<>();
  private final Set<String> ended = new LinkedHashSet<>();

  /** Takes a session out: while something is done for it, nothing else can be. */
  Found take(String id, String node, Jid requester, Instant now) {
    expire(now);
    Session session = open.get(id);
    if (session != null && session.requester.equals(requester) && session.node.equals(node)) {
      open.remove(id);
      return new Found(session, null);
    }
    return new Found(
        null, ended.contains(id) ? CommandError.SESSION_EXPIRED : CommandError.BAD_SESSION_ID);
  }

  /** A session goes on. */
  void put(Session session) {
    while (open.size() >= MAX) {
      end(open.keySet().iterator().next());
    }
    open.put(session.id, session);
  }

  /** A session is over. */
  void end(String id) {
    open.remove(id);
    ended.add(id);
    if (ended.size() > MAX_ENDED) {
      Iterator<String> oldest = ended.iterator();
      oldest.next();
      oldest.remove();
    }
  }

  private void expire(Instant now) {
    List<String> expired =
        open.values().stream()
            .filter(session -> !now.isBefore(session.expires))
            .map(Session::id)
            .toList();
    expired.forEach(this::end);
  }
}
