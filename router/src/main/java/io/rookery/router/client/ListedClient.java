package io.rookery.router.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.xml.Element;
import io.rookery.router.session.Session;
import io.rookery.storage.token.KnownClient;
import io.rookery.storage.token.LoginToken;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A client that has access to an account (XEP-0494, section 3.1).
 *
 * @param id names it for the user; the id of its user agent stays between it and us
 * @param agent id of its user agent, null when it has none: then it is one session
 * @param known it has had a session, or has one
 * @param sessions it has now
 * @param password it has presented the password that the account has
 * @param token it has a token that is good
 */
record ListedClient(
    String id,
    String agent,
    boolean known,
    List<Jid> sessions,
    Instant firstSeen,
    Instant lastSeen,
    boolean password,
    boolean token,
    String software,
    String device) {
  private static final int ID_BYTES = 12;

  /**
   * All clients of an account.
   *
   * @param tokens that are good
   * @param known null when nothing is remembered
   */
  static List<ListedClient> of(
      List<Session> sessions, List<LoginToken> tokens, List<KnownClient> known) {
    List<KnownClient> remembered = known == null ? List.of() : known;
    Set<String> agents = new LinkedHashSet<>();
    remembered.forEach(one -> agents.add(one.client()));
    tokens.forEach(one -> agents.add(one.client()));
    sessions.forEach(one -> agents.add(one.get(SessionClient.ID)));
    agents.remove("");
    List<ListedClient> clients = new ArrayList<>();
    for (String agent : agents) {
      ListedClient client =
          of(
              agent,
              sessions.stream().filter(one -> one.get(SessionClient.ID).equals(agent)).toList(),
              tokens.stream().filter(one -> one.client().equals(agent)).toList(),
              remembered.stream()
                  .filter(one -> one.client().equals(agent))
                  .findFirst()
                  .orElse(null),
              known != null);
      if (client.hasAccess()) {
        clients.add(client);
      }
    }
    sessions.stream()
        .filter(one -> one.get(SessionClient.ID).isEmpty())
        .forEach(one -> clients.add(of(null, List.of(one), List.of(), null, false)));
    return clients;
  }

  /**
   * @param remembered it would be known, had it presented the password that the account has: who
   *     did so before the password was changed is forgotten
   */
  private static ListedClient of(
      String agent,
      List<Session> sessions,
      List<LoginToken> tokens,
      KnownClient known,
      boolean remembered) {
    List<Instant> seen = new ArrayList<>();
    sessions.forEach(one -> seen.add(Instant.ofEpochMilli(one.boundAt())));
    tokens.forEach(one -> seen.add(Instant.ofEpochMilli(one.id())));
    if (known != null) {
      seen.addAll(List.of(known.firstSeen(), known.lastSeen()));
    }
    Session session = sessions.isEmpty() ? null : sessions.get(sessions.size() - 1);
    return new ListedClient(
        agent == null ? id("session", session.jid().toString()) : id("client", agent),
        agent,
        session != null || known != null,
        sessions.stream().map(Session::jid).toList(),
        seen.stream().min(Comparator.naturalOrder()).orElseThrow(),
        seen.stream().max(Comparator.naturalOrder()).orElseThrow(),
        known != null && known.password()
            || sessions.stream().anyMatch(one -> SessionClient.password(one, remembered)),
        !tokens.isEmpty(),
        session == null
            ? known == null ? null : known.software()
            : SessionClient.orNull(session.get(SessionClient.SOFTWARE)),
        session == null
            ? known == null ? null : known.device()
            : SessionClient.orNull(session.get(SessionClient.DEVICE)));
  }

  /** Something that has lost all of it is of no interest. */
  private boolean hasAccess() {
    return password || token || !sessions.isEmpty();
  }

  private static String id(String kind, String name) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest((kind + '\0' + name).getBytes(UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, ID_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK lacks SHA-256", e);
    }
  }

  Element toElement() {
    Element auth = element("auth");
    if (password) {
      auth = auth.with(element("password"));
    }
    if (token) {
      auth = auth.with(element("fast"));
    }
    Element client =
        element("client")
            .attribute("connected", Boolean.toString(!sessions.isEmpty()))
            .attribute("id", id)
            .attribute("type", known ? "session" : "access")
            .with(
                time("first-seen", firstSeen),
                time("last-seen", lastSeen),
                auth,
                element("permission").attribute("status", "unrestricted"));
    List<Element> agentTexts =
        Stream.of(text("software", software), text("device", device))
            .filter(Objects::nonNull)
            .toList();
    return agentTexts.isEmpty() ? client : client.with(element("user-agent").with(agentTexts));
  }

  private static Element element(String name) {
    return Element.of(ClientAccess.NS, name);
  }

  private static Element time(String name, Instant at) {
    return Element.of(ClientAccess.NS, name, at.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private static Element text(String name, String text) {
    return text == null ? null : Element.of(ClientAccess.NS, name, text);
  }
}
