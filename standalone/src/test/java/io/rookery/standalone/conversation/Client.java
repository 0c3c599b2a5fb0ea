package io.rookery.standalone.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One XMPP client of a conversation. A verb in the third person either does what it says or throws
 * an AssertionError with the transcript. {@link #toString} is the full JID.
 */
final class Client implements AutoCloseable {
  static final String CLIENT = "jabber:client";
  static final String STREAMS = "http://etherx.jabber.org/streams";
  static final String STREAM_ERRORS = "urn:ietf:params:xml:ns:xmpp-streams";
  static final String STANZA_ERRORS = "urn:ietf:params:xml:ns:xmpp-stanzas";
  static final String TLS = "urn:ietf:params:xml:ns:xmpp-tls";
  static final String SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
  static final String SASL_2 = "urn:xmpp:sasl:2";
  static final String BIND = "urn:ietf:params:xml:ns:xmpp-bind";
  static final String ROSTER = "jabber:iq:roster";
  static final String REGISTER = "jabber:iq:register";
  private static final String INFO = "http://jabber.org/protocol/disco#info";
  private static final String MARKER = "urn:rookery:test:marker";

  private final String domain;
  private final Transcript transcript;
  private final XmlSocket socket;
  private final List<Client> cast;
  private Element features;
  private String jid;
  private String claimed;

  /**
   * @param cast everybody in this conversation, this client included once it is bound
   */
  Client(String domain, Transcript transcript, XmlSocket socket, List<Client> cast) {
    this.domain = domain;
    this.transcript = transcript;
    this.socket = socket;
    this.cast = cast;
  }

  // --- the stream -------------------------------------------------------------------------------

  /** Opens a stream and waits for the features it offers. */
  Client opensStream() {
    sends(
        streamHeader(
            domain, claimed == null ? "version='1.0'" : "version='1.0' from='" + claimed + "'"));
    awaits("a stream header", e -> e.is("stream", STREAMS));
    features = awaits("stream features", e -> e.is("features", STREAMS));
    return this;
  }

  /** Says in later stream headers whose account this is (RFC 6120, section 4.7.1). */
  Client claims(String bareJid) {
    claimed = bareJid;
    return this;
  }

  static String streamHeader(String to, String attributes) {
    return "<?xml version='1.0'?><stream:stream xmlns='jabber:client'"
        + (" xmlns:stream='http://etherx.jabber.org/streams' to='" + to + "' ")
        + (attributes + ">");
  }

  Element features() {
    return features;
  }

  /** Upgrades to TLS (RFC 6120, section 5) and opens the stream anew. */
  Client startsTls() throws IOException {
    asksForTls();
    socket.startTls(domain);
    return opensStream();
  }

  /** Asks for TLS and then keeps silent. */
  void stallsInTls() throws IOException {
    asksForTls();
    socket.reading();
  }

  private void asksForTls() {
    sends("<starttls xmlns='%s'/>", TLS);
    awaits("proceed", e -> e.is("proceed", TLS));
  }

  boolean offers(String feature, String namespace) {
    return features.child(feature, namespace).isPresent();
  }

  boolean offers(Mechanism mechanism) {
    return features.child("mechanisms", SASL).stream()
        .flatMap(m -> m.children("mechanism", SASL).stream())
        .anyMatch(m -> m.text().equals(mechanism.saslName));
  }

  boolean isEncrypted() {
    return socket.isEncrypted();
  }

  /** Authenticates and opens the stream anew. */
  Client authenticates(Account account, Mechanism mechanism)
      throws IOException, GeneralSecurityException {
    Element outcome = triesToAuthenticate(account, mechanism);
    if (!outcome.is("success", SASL)) {
      throw transcript.failure(account + " expected success, not " + outcome);
    }
    socket.reading();
    return opensStream();
  }

  /** The SASL exchange (RFC 6120, section 6); gives the success or failure element. */
  Element triesToAuthenticate(Account account, Mechanism mechanism)
      throws IOException, GeneralSecurityException {
    if (mechanism == Mechanism.PLAIN) {
      sendsAuth(mechanism, "\0" + account.localpart() + "\0" + account.password());
      return awaitsSasl("success", "failure");
    }
    byte[] binding = mechanism.bound ? serverEndPoint() : null;
    Scram scram = new Scram(mechanism, account.localpart(), account.password(), binding);
    sendsAuth(mechanism, scram.clientFirst());
    Element challenge = awaitsSasl("challenge", "failure");
    if (challenge.localName().equals("failure")) {
      return challenge;
    }
    sends(
        "<response xmlns='%s'>%s</response>", SASL, base64(scram.clientFinal(decoded(challenge))));
    Element outcome = awaitsSasl("success", "failure");
    if (outcome.localName().equals("success") && !scram.isServerGenuine(decoded(outcome))) {
      throw transcript.failure("the server's signature is wrong");
    }
    return outcome;
  }

  /** Logs in without an account (RFC 4505) and opens the stream anew. */
  Client entersAnonymously() throws IOException {
    sends("<auth xmlns='%s' mechanism='ANONYMOUS'/>", SASL);
    Element outcome = awaitsSasl("success", "failure");
    if (!outcome.is("success", SASL)) {
      throw transcript.failure("expected success, not " + outcome);
    }
    socket.reading();
    return opensStream();
  }

  /**
   * Logs in by XEP-0388, with what else is asked for inline, and gives the success element. Bound
   * or resumed, this client is ready then.
   */
  Element logsIn(Account account, Mechanism mechanism, String inline)
      throws IOException, GeneralSecurityException {
    return succeeds(triesToLogIn(account, mechanism, inline));
  }

  /** Takes the outcome of a login, which has to be success. */
  Element succeeds(Element outcome) {
    if (!outcome.is("success", SASL_2)) {
      throw transcript.failure("expected success, not " + outcome);
    }
    if (outcome.child("resumed", "urn:xmpp:sm:3").isEmpty()) {
      features = awaits("stream features", e -> e.is("features", STREAMS));
    }
    String identity = outcome.child("authorization-identifier").orElseThrow().text();
    if (identity.contains("/")) {
      jid = identity;
      cast.add(this);
    }
    return outcome;
  }

  /** The exchange of XEP-0388; gives the success or failure element. */
  Element triesToLogIn(Account account, Mechanism mechanism, String inline)
      throws IOException, GeneralSecurityException {
    if (mechanism == Mechanism.PLAIN) {
      return authenticates(
          mechanism.saslName, "\0" + account.localpart() + "\0" + account.password(), inline);
    }
    byte[] binding = mechanism.bound ? serverEndPoint() : null;
    Scram scram = new Scram(mechanism, account.localpart(), account.password(), binding);
    Element challenge = authenticates(mechanism.saslName, scram.clientFirst(), inline);
    if (!challenge.localName().equals("challenge")) {
      return challenge;
    }
    sends(
        "<response xmlns='%s'>%s</response>",
        SASL_2, base64(scram.clientFinal(decoded(challenge))));
    Element outcome = awaitsLogin();
    if (outcome.is("success", SASL_2)
        && !scram.isServerGenuine(decoded(outcome.child("additional-data").orElseThrow()))) {
      throw transcript.failure("the server's signature is wrong");
    }
    return outcome;
  }

  /** Begins an exchange of XEP-0388; gives what comes next. */
  Element authenticates(String mechanism, String initial, String inline) {
    return begins(mechanism, base64(initial), inline);
  }

  private Element begins(String mechanism, String initial, String inline) {
    sends(
        "<authenticate xmlns='"
            + SASL_2
            + ("' mechanism='" + mechanism + "'><initial-response>" + initial)
            + ("</initial-response>" + inline + "</authenticate>"));
    return awaitsLogin();
  }

  /** The exchange of XEP-0484, which is one message each way. */
  Element triesToken(Account account, String mechanism, String token, String inline)
      throws IOException, GeneralSecurityException {
    byte[] binding = mechanism.endsWith("-ENDP") ? serverEndPoint() : new byte[0];
    byte[] name = (account.localpart() + "\0").getBytes(UTF_8);
    byte[] proof = hmac(token, "Initiator", binding);
    byte[] initial = Arrays.copyOf(name, name.length + proof.length);
    System.arraycopy(proof, 0, initial, name.length, proof.length);
    Element outcome = begins(mechanism, Base64.getEncoder().encodeToString(initial), inline);
    if (outcome.is("success", SASL_2)) {
      String proven = outcome.child("additional-data").orElseThrow().text();
      byte[] expected = hmac(token, "Responder", binding);
      if (!Arrays.equals(expected, Base64.getDecoder().decode(proven))) {
        throw transcript.failure("the server does not know the token");
      }
    }
    return outcome;
  }

  private static byte[] hmac(String token, String who, byte[] binding)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(token.getBytes(UTF_8), "HmacSHA256"));
    mac.update(who.getBytes(UTF_8));
    return mac.doFinal(binding);
  }

  private Element awaitsLogin() {
    return awaits("an element of " + SASL_2, e -> e.namespace().equals(SASL_2));
  }

  /** Binds a resource; null for one of the server's choice. */
  Client binds(String resource) {
    String wish = resource == null ? "" : "<resource>" + resource + "</resource>";
    Element reply =
        asks("set", null, "<bind xmlns='" + BIND + "'>" + wish + "</bind>", r -> r.type("result"));
    jid =
        reply
            .child("bind", BIND)
            .flatMap(b -> b.child("jid"))
            .map(Element::text)
            .orElseThrow(() -> transcript.failure("no JID bound"));
    cast.add(this);
    return this;
  }

  /** Has the session of a client that lost its connection (XEP-0198, section 5). */
  Client isNow(Client before) {
    jid = before.jid;
    cast.add(this);
    return this;
  }

  // --- conversation -----------------------------------------------------------------------------

  /** Sends XML; the format's arguments may be clients (their full JIDs). */
  void sends(String xml, Object... arguments) {
    socket.send(arguments.length == 0 ? xml : String.format(xml, arguments));
  }

  /** Sends raw bytes, which the server may refuse before their end. */
  void sendsBytes(byte[] bytes) {
    socket.sendBytes(bytes);
  }

  void sendsBytes(String text) {
    sendsBytes(text.getBytes(UTF_8));
  }

  /** Waits for a stanza of this kind that looks like this; others stay for later. */
  Element receives(String kind, Consumer<Expectation> details) {
    Expectation expected = Expectation.of(kind, details);
    return awaits(expected.toString(), expected::matches);
  }

  /** Waits for the next stanza of this kind, which must look like this. */
  Element receivesNext(String kind, Consumer<Expectation> details) {
    Element next = awaits("a " + kind, e -> e.localName().equals(kind));
    return expects(next, details);
  }

  /** Says that it wants events of these nodes (XEP-0163), and answers when it is asked. */
  void becomesInterestedIn(String... nodes) {
    String ver = UUID.randomUUID().toString();
    sends(
        "<presence><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:test'"
            + (" ver='" + ver + "'/></presence>"));
    Element question = receives("iq", iq -> iq.type("get").from(bare()).has("query", INFO));
    StringBuilder features = new StringBuilder();
    for (String node : nodes) {
      features.append("<feature var='").append(node).append("+notify'/>");
    }
    sends(
        "<iq type='result' id='%s' to='%s'><query xmlns='%s' node='urn:test#%s'>%s</query></iq>",
        question.attribute("id"), bare(), INFO, ver, features);
  }

  /** Sends an IQ and waits for the one reply to it, whatever it is. */
  Element asks(String type, Object to, String payload) {
    String id = UUID.randomUUID().toString();
    String address = to == null ? "" : " to='" + to + "'";
    sends("<iq type='" + type + "' id='" + id + "'" + address + ">" + payload + "</iq>");
    return awaits(
        "the reply to IQ " + id,
        e -> e.localName().equals("iq") && isReply(e) && id.equals(e.attribute("id")));
  }

  /** Sends an IQ and waits for its reply, which must look like this. */
  Element asks(String type, Object to, String payload, Consumer<Expectation> details) {
    return expects(asks(type, to, payload), details);
  }

  /** Asks for the roster, which makes this an interested resource, and gives its items. */
  List<Element> getsRoster() {
    Element reply = asks("get", null, "<query xmlns='jabber:iq:roster'/>", r -> r.type("result"));
    return reply.child("query", ROSTER).map(q -> q.children("item", ROSTER)).orElse(List.of());
  }

  /** The contact as the roster has it now, asked for anew. */
  Optional<Element> rosterItem(Object contact) {
    return getsRoster().stream()
        .filter(i -> contact.toString().equals(i.attribute("jid")))
        .findFirst();
  }

  /** A roster push for this contact with this subscription (RFC 6121, section 2.1.6). */
  Element receivesPush(Object contact, String subscription) {
    return receives(
        "iq",
        iq ->
            iq.type("set")
                .has(
                    "query",
                    ROSTER,
                    q ->
                        q.has(
                            "item",
                            ROSTER,
                            i ->
                                i.attribute("jid", contact.toString())
                                    .attribute("subscription", subscription))));
  }

  /**
   * Proves that nothing else is on its way to this client: every other client answers it through
   * the service, twice around, and then nothing but those answers must be there.
   */
  void receivesNothing() {
    List<Element> rest = settles();
    if (!rest.isEmpty()) {
      throw transcript.failure(jid + " should have received nothing more, but did: " + rest);
    }
  }

  /**
   * Proves that nothing came before the answer to a question of its own; for who cannot hear from
   * all others.
   */
  void hasNothing() {
    asks("get", domain, "<ping xmlns='urn:xmpp:ping'/>");
    List<Element> rest = socket.takeAll();
    if (!rest.isEmpty()) {
      throw transcript.failure(jid + " should have nothing, but has: " + rest);
    }
  }

  /** Waits as {@link #receivesNothing} does and gives what there was. */
  List<Element> settles() {
    List<Client> others = cast.stream().filter(c -> c != this && c.isPresent()).toList();
    others.forEach(other -> mark(other));
    others.forEach(other -> other.mark(this));
    asks("get", domain, "<ping xmlns='urn:xmpp:ping'/>");
    return socket.takeAll();
  }

  private void mark(Client other) {
    String id = "marker-" + UUID.randomUUID();
    sends(
        "<message to='%s' type='headline' id='%s'><marker xmlns='%s'/></message>",
        other, id, MARKER);
    other.awaits("marker of " + jid, e -> id.equals(e.attribute("id")));
  }

  /** Compares what was received with what was expected. */
  Element expects(Element element, Consumer<Expectation> details) {
    Expectation expected = Expectation.of(element.localName(), details);
    if (!expected.matches(element)) {
      throw transcript.failure("expected " + expected + ", received " + element);
    }
    return element;
  }

  // --- the end ----------------------------------------------------------------------------------

  /** A stream error with one of these conditions, then the end of stream and connection. */
  Element receivesStreamError(String... conditions) {
    Element error = awaits("a stream error", e -> e.is("error", STREAMS));
    List<String> allowed = List.of(conditions);
    if (error.children().stream()
        .noneMatch(c -> c.namespace().equals(STREAM_ERRORS) && allowed.contains(c.localName()))) {
      throw transcript.failure("expected stream error " + allowed + ", received " + error);
    }
    isDisconnected();
    return error;
  }

  /** Waits until the server has closed the connection. */
  void isDisconnected() {
    isDisconnectedWithin(XmlSocket.PATIENCE_NANOS);
  }

  void isDisconnectedWithin(long nanos) {
    socket.awaitDisconnect(nanos);
    cast.remove(this);
  }

  /** Ends the stream properly and waits for the server to do the same. */
  void leaves() {
    sends("</stream:stream>");
    hasLeft();
  }

  /**
   * Waits for the end of a stream that this client has closed; gives what it was sent and did not
   * look at.
   */
  List<Element> hasLeft() {
    socket.awaitDisconnect(TimeUnit.SECONDS.toNanos(10));
    if (!socket.isStreamEnded()) {
      throw transcript.failure("the server closed the connection without closing the stream");
    }
    close();
    return socket.takeAll();
  }

  /** Drops the connection without a word. */
  @Override
  public void close() {
    cast.remove(this);
    socket.close();
  }

  // --- addresses --------------------------------------------------------------------------------

  String bare() {
    return jid.substring(0, jid.indexOf('/'));
  }

  String resource() {
    return jid.substring(jid.indexOf('/') + 1);
  }

  String domain() {
    return domain;
  }

  @Override
  public String toString() {
    return jid == null ? "unbound client" : jid;
  }

  private boolean isPresent() {
    return jid != null && !socket.isDisconnected();
  }

  private Element awaits(String what, Predicate<Element> test) {
    return socket.await(what, all -> all.stream().filter(test).findFirst());
  }

  private Element awaitsSasl(String either, String or) {
    return awaits(either + " or " + or, e -> e.is(either, SASL) || e.is(or, SASL));
  }

  private void sendsAuth(Mechanism mechanism, String initial) {
    sends("<auth xmlns='%s' mechanism='%s'>%s</auth>", SASL, mechanism.saslName, base64(initial));
  }

  private static boolean isReply(Element iq) {
    return "result".equals(iq.attribute("type")) || "error".equals(iq.attribute("type"));
  }

  /** The message of PLAIN (RFC 4616) in base64. */
  static String plain(Account account) {
    return base64("\0" + account.localpart() + "\0" + account.password());
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static String decoded(Element element) {
    return new String(Base64.getDecoder().decode(element.text()), UTF_8);
  }

  /** The tls-server-end-point data (RFC 5929, section 4.1). */
  private byte[] serverEndPoint() throws IOException, GeneralSecurityException {
    String signature = socket.serverCertificate().getSigAlgName();
    String hash =
        signature.startsWith("SHA384")
            ? "SHA-384"
            : signature.startsWith("SHA512") ? "SHA-512" : "SHA-256";
    return MessageDigest.getInstance(hash).digest(socket.serverCertificate().getEncoded());
  }
}
