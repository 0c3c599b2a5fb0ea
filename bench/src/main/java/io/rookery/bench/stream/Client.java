package io.rookery.bench.stream;

import java.security.GeneralSecurityException;

/**
 * One user and the state machine of its connection (RFC 6120, section 4.3): TLS, SASL, resource
 * binding, roster, initial presence; or in-band registration (XEP-0077). One connection at a time.
 */
public final class Client implements StanzaSplitter.Sink {
  /** What a connection is waiting for. */
  public enum State {
    OFFLINE,
    CONNECTING,
    FEATURES,
    PROCEED,
    AUTHENTICATION,
    REGISTRATION,
    TOKEN,
    BIND,
    RESUMPTION,
    SESSION,
    ROSTER,
    READY,
    CLOSING
  }

  /** What a connection is for. */
  public enum Purpose {
    LOGIN,
    REGISTER,
    RESUME
  }

  /** How registration ended. */
  public enum Registration {
    CREATED,
    EXISTING,
    REFUSED
  }

  /** Told about the ends of connections. */
  interface Lifecycle {
    void ready(Client client);

    void registered(Client client, Registration registration, String answer);

    /**
     * @param was the state at the end; {@link State#CLOSING} for an orderly one
     * @param retry whether another attempt could succeed
     */
    void ended(Client client, State was, String reason, boolean retry);
  }

  private static final int EXCERPT = 140;

  private final int index;
  private final String user;
  private final Credentials credentials;
  private final Tls tls;
  private final Lifecycle lifecycle;
  private final ClientHandler handler;
  private final Authentication authentication;

  /** Null for who does not log in by one. */
  private final Token token;

  private final StanzaSplitter splitter = new StanzaSplitter(this);

  private final boolean managed;
  private boolean counting;
  private long handled;

  /** Under which the session can be resumed; null when it cannot. */
  private String resumption;

  private Link link;
  private Purpose purpose;
  private State state = State.OFFLINE;
  private boolean encrypted;
  private boolean authenticated;
  private boolean sessionNeeded;
  private String failure;
  private String jid;
  private long since;

  Client(
      int index,
      String user,
      Credentials credentials,
      Tls tls,
      boolean managed,
      Lifecycle lifecycle,
      ClientHandler handler) {
    this.index = index;
    this.user = user;
    this.credentials = credentials;
    this.authentication = new Authentication(user, credentials);
    boolean byToken = credentials.mechanism() == Mechanism.HT_SHA_256_NONE;
    this.token = byToken ? new Token(user, credentials) : null;
    this.tls = tls;
    this.managed = managed;
    this.lifecycle = lifecycle;
    this.handler = handler;
  }

  /** The number of the client within the run, from 0. */
  public int index() {
    return index;
  }

  public State state() {
    return state;
  }

  public boolean isReady() {
    return state == State.READY;
  }

  /** The bare address. */
  public String bareJid() {
    return user + "@" + credentials.domain();
  }

  /** The bound address of the last login, as the server wrote it; null before the first. */
  public String fullJid() {
    return jid;
  }

  /** When the connection was begun or its closing started, in {@link System#nanoTime} terms. */
  public long since() {
    return since;
  }

  /** Queues stanzas. */
  public void send(CharSequence xml) {
    link.send(xml);
  }

  /** Closes the stream in order (RFC 6120, section 4.4). */
  public void close() {
    state = State.CLOSING;
    since = System.nanoTime();
    link.send("</stream:stream>");
  }

  /** Loses the connection. */
  void drop() {
    link.close();
  }

  /** Gives the connection up; no other attempt is made. */
  void abandon(String reason) {
    failure = reason;
    link.close();
  }

  void begin(Link newLink, Purpose newPurpose) {
    link = newLink;
    purpose = newPurpose;
    state = State.CONNECTING;
    since = System.nanoTime();
    encrypted = false;
    authenticated = false;
    failure = null;
    counting = false;
    splitter.discard();
  }

  void connected() {
    if (tls == Tls.DIRECT) {
      link.startTls();
    } else {
      openStream();
    }
  }

  void secured() {
    encrypted = true;
    openStream();
  }

  void received(byte[] bytes, int offset, int count) {
    splitter.feed(bytes, offset, count);
  }

  void disconnected(Link which, String reason) {
    if (which != link || state == State.OFFLINE) {
      return;
    }
    State was = state;
    state = State.OFFLINE;
    lifecycle.ended(this, was, failure != null ? failure : reason, failure == null);
  }

  @Override
  public void closed() {
    if (state != State.CLOSING) {
      link.send("</stream:stream>");
    }
    link.close();
  }

  @Override
  public void element(Element e) {
    if (e.is("stream:error") || e.is("error")) {
      if (state != State.CLOSING) {
        fail("stream error", e);
      }
    } else if (authenticated && managed && management(e)) {
      return;
    } else if (authenticated && e.is("message")) {
      handler.message(this, e);
    } else if (authenticated && e.is("presence")) {
      handler.presence(this, e);
    } else if (authenticated && e.is("iq")) {
      iq(e);
    } else {
      negotiation(e);
    }
  }

  /** Counts and acknowledges (XEP-0198); false for what is a stanza or something else. */
  private boolean management(Element e) {
    if (e.is("r")) {
      link.send("<a xmlns='urn:xmpp:sm:3' h='" + handled + "'/>");
      return true;
    }
    if (e.is("enabled")) {
      counting = true;
      handled = 0;
      resumption = e.attribute("id");
      return true;
    }
    if (e.is("resumed")) {
      counting = true;
      state = State.READY;
      lifecycle.ready(this);
      return true;
    }
    if (counting && (e.is("message") || e.is("presence") || e.is("iq"))) {
      handled++;
    }
    return false;
  }

  private void negotiation(Element e) {
    switch (state) {
      case FEATURES -> features(e);
      case PROCEED -> proceed(e);
      case AUTHENTICATION -> sasl(e);
      case TOKEN -> tokenLogin(e);
      case REGISTRATION -> registration(e);
      case BIND, RESUMPTION, SESSION, ROSTER -> fail("unexpected", e);
      default -> {
        // Stanzas of no interest, or a stream that is being given up.
      }
    }
  }

  private void openStream() {
    splitter.reset();
    link.send(
        "<?xml version='1.0'?><stream:stream to='"
            + credentials.domain()
            + "' version='1.0' xmlns='jabber:client'"
            + " xmlns:stream='http://etherx.jabber.org/streams'>");
    state = State.FEATURES;
    if (token != null && token.isKnown() && (encrypted || tls == Tls.NONE)) {
      logInByToken(); // what it needs is known from before
    }
  }

  /** All at once: who, what is in the roster, and the latest of the archive (XEP-0313). */
  private void logInByToken() {
    try {
      step(
          State.TOKEN,
          token.authenticate()
              + "<iq type='get' id='ro'><query xmlns='jabber:iq:roster'/></iq>"
              + "<iq type='set' id='pg'><query xmlns='urn:xmpp:mam:2'>"
              + "<set xmlns='http://jabber.org/protocol/rsm'><max>50</max><before/></set>"
              + "</query></iq>");
    } catch (GeneralSecurityException e) {
      abandon(e.getMessage());
    }
  }

  private void tokenLogin(Element e) {
    try {
      if (e.is("success")) {
        require(token.accepts(e), "server signature", e);
        Element address = e.find("authorization-identifier");
        require(address != null, "no address in", e);
        jid = address == null ? null : address.text();
        authenticated = true;
      } else if (!e.is("stream:features")) {
        fail("authentication", e);
      }
    } catch (GeneralSecurityException | IllegalArgumentException x) {
      fail(x.getMessage(), e);
    }
  }

  private void features(Element e) {
    if (!e.is("stream:features")) {
      fail("unexpected", e);
    } else if (tls == Tls.STARTTLS && !encrypted) {
      require(e.find("starttls") != null, "no starttls in", e);
      step(State.PROCEED, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    } else if (!authenticated && purpose == Purpose.REGISTER) {
      step(State.REGISTRATION, registrationRequest());
    } else if (!authenticated && token != null) {
      logInByToken();
    } else if (!authenticated) {
      require(e.contains(">" + credentials.mechanism() + "<"), "mechanism not offered in", e);
      step(State.AUTHENTICATION, authentication.auth());
    } else if (purpose == Purpose.RESUME) {
      require(resumption != null, "nothing to resume at", e);
      step(
          State.RESUMPTION,
          "<resume xmlns='urn:xmpp:sm:3' previd='" + resumption + "' h='" + handled + "'/>");
    } else {
      require(e.find("bind") != null, "no bind in", e);
      sessionNeeded = sessionNeeded(e);
      step(
          State.BIND,
          "<iq type='set' id='bi'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
              + "<resource>bench</resource></bind></iq>");
    }
  }

  /** RFC 3921's session, which old servers still require. */
  private static boolean sessionNeeded(Element features) {
    Element session = features.find("session");
    return session != null && session.find("optional") == null;
  }

  private void proceed(Element e) {
    if (e.is("proceed")) {
      link.startTls();
    } else {
      fail("starttls", e);
    }
  }

  private String registrationRequest() {
    return "<iq type='set' id='rg'><query xmlns='jabber:iq:register'><username>"
        + user
        + "</username><password>"
        + credentials.password()
        + "</password></query></iq>";
  }

  private void registration(Element e) {
    Registration result = Registration.REFUSED;
    if (e.has("type", "result")) {
      result = Registration.CREATED;
    } else if (e.find("conflict") != null) {
      result = Registration.EXISTING;
    }
    lifecycle.registered(this, result, e.excerpt(EXCERPT));
    close();
  }

  private void sasl(Element e) {
    try {
      if (e.is("challenge")) {
        step(State.AUTHENTICATION, authentication.respond(e));
      } else if (e.is("success")) {
        require(authentication.accepts(e), "server signature", e);
        authenticated = true;
        openStream();
      } else {
        fail("authentication", e);
      }
    } catch (GeneralSecurityException | IllegalArgumentException x) {
      fail(x.getMessage(), e);
    }
  }

  private void iq(Element e) {
    String type = e.attribute("type");
    String id = e.attribute("id");
    if ("get".equals(type) || "set".equals(type)) {
      request(e, type, id);
    } else if (state == State.READY) {
      handler.reply(this, e, id);
    } else if ("result".equals(type)) {
      loginReply(e, id == null ? "" : id);
    } else if (state != State.CLOSING) {
      fail("refused", e);
    }
  }

  private void loginReply(Element e, String id) {
    if (state == State.BIND && id.equals("bi")) {
      Element bound = e.find("jid");
      require(bound != null, "no jid in", e);
      jid = bound == null ? null : bound.text();
      if (sessionNeeded) {
        step(
            State.SESSION,
            "<iq type='set' id='se'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>");
      } else {
        requestRoster();
      }
    } else if (state == State.SESSION && id.equals("se")) {
      requestRoster();
    } else if (state == State.ROSTER && id.equals("ro")) {
      handler.roster(this, e);
      String enable = managed ? "<enable xmlns='urn:xmpp:sm:3' resume='true'/>" : "";
      step(State.READY, enable + "<presence/>");
      lifecycle.ready(this);
    } else if (state == State.TOKEN && id.equals("ro")) {
      handler.roster(this, e);
    } else if (state == State.TOKEN && id.equals("pg")) {
      step(State.READY, "<presence/>");
      lifecycle.ready(this);
    }
  }

  private void requestRoster() {
    step(State.ROSTER, "<iq type='get' id='ro'><query xmlns='jabber:iq:roster'/></iq>");
  }

  private void request(Element e, String type, String id) {
    boolean push = type.equals("set") && e.contains("jabber:iq:roster");
    if (push) {
      handler.roster(this, e);
    }
    String from = e.attribute("from");
    String to = from == null ? "" : " to='" + from + "'";
    String answer = handler.answer(this, e);
    if (push || e.contains("urn:xmpp:ping")) {
      link.send("<iq type='result' id='" + id + "'" + to + "/>");
    } else if (answer != null) {
      link.send("<iq type='result' id='" + id + "'" + to + ">" + answer + "</iq>");
    } else {
      link.send(
          "<iq type='error' id='"
              + id
              + "'"
              + to
              + "><error type='cancel'><service-unavailable"
              + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
    }
  }

  /** Goes on to a state by sending, unless the connection is already given up. */
  private void step(State next, String xml) {
    if (failure == null) {
      state = next;
      link.send(xml);
    }
  }

  private void require(boolean condition, String what, Element e) {
    if (!condition) {
      fail(what, e);
    }
  }

  private void fail(String what, Element e) {
    if (failure == null) {
      abandon(what + " " + e.excerpt(EXCERPT));
    }
  }
}
