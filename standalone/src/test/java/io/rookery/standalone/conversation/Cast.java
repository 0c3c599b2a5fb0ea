package io.rookery.standalone.conversation;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * The users and clients of one test. Users are new ones in every test, named after their role, and
 * signed up when they are first mentioned.
 */
final class Cast implements AutoCloseable {
  private final Service service;
  private final Transcript transcript = new Transcript();
  private final Map<String, Account> accounts = new HashMap<>();
  private final List<Client> bound = new CopyOnWriteArrayList<>();
  private final List<XmlSocket> sockets = new ArrayList<>();

  Cast(Service service) {
    this.service = service;
  }

  Service service() {
    return service;
  }

  /** Signed up, nothing more. */
  Account user(String role) throws IOException {
    Account known = accounts.get(role);
    if (known != null) {
      return known;
    }
    Account account = stranger(role);
    Client client = secured(role);
    client.expects(register(client, account), r -> r.type("result"));
    client.leaves();
    accounts.put(role, account);
    return account;
  }

  /** A name and password nobody has signed up with. */
  Account stranger(String role) {
    return new Account(
        service.localpart(role, accounts.size()), service.domain(), "pencil-of-" + role);
  }

  /** Tries to sign up and gives the reply (XEP-0077, section 3.1). */
  static Element register(Client client, Account account) {
    return client.asks(
        "set",
        null,
        "<query xmlns='jabber:iq:register'><username>"
            + account.localpart()
            + "</username><password>"
            + account.password()
            + "</password></query>");
  }

  /** Signs up with a name that was given up: it is free when all that was its owner's is gone. */
  static void registersAgain(Client client, Account account) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    Element reply = register(client, account);
    while (reply.toString().contains("conflict") && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(20); // nobody is told when it is free
      reply = register(client, account);
    }
    client.expects(reply, r -> r.type("result"));
  }

  /** Only a TCP connection; nothing sent yet. */
  Client connection(String party) throws IOException {
    return client(XmlSocket.plain(party, transcript, nextEndpoint()));
  }

  /** A connection with direct TLS; nothing sent yet. */
  Client directTlsConnection(String party) throws IOException {
    return client(XmlSocket.directTls(party, transcript, nextEndpoint(), service.domain()));
  }

  /** An open stream inside TLS, not authenticated. */
  Client secured(String party) throws IOException {
    return connection(party).opensStream().startsTls();
  }

  /** An authenticated stream without a resource. */
  Client authenticated(String role) throws IOException, GeneralSecurityException {
    Account account = user(role);
    Client client = secured(role);
    Mechanism mechanism =
        client.offers(Mechanism.SCRAM_SHA_1) ? Mechanism.SCRAM_SHA_1 : Mechanism.PLAIN;
    return client.authenticates(account, mechanism);
  }

  /** A connected resource (RFC 6121, section 1.6): bound, no roster asked for, no presence sent. */
  Client connected(String role, String resource) throws IOException, GeneralSecurityException {
    return authenticated(role).binds(resource);
  }

  /** A usual client: has asked for the roster, is available, and everybody has heard of it. */
  Client client(String role, String resource) throws IOException, GeneralSecurityException {
    return client(role, resource, 0);
  }

  Client client(String role, String resource, int priority)
      throws IOException, GeneralSecurityException {
    Client client = connected(role, resource);
    client.getsRoster();
    client.sends("<presence><priority>%s</priority></presence>", priority);
    client.receives("presence", p -> p.from(client).type(null));
    settle();
    return client;
  }

  /** Subscribes both to each other, on behalf of available clients. */
  void befriend(Client one, Client other) {
    subscribe(one, other);
    subscribe(other, one);
    settle();
  }

  /** The watcher gets a subscription to the watched. */
  void subscribe(Client watcher, Client watched) {
    watcher.sends("<presence to='%s' type='subscribe'/>", watched.bare());
    watched.receives("presence", p -> p.from(watcher.bare()).type("subscribe"));
    watched.sends("<presence to='%s' type='subscribed'/>", watcher.bare());
    watcher.receives("presence", p -> p.from(watched.bare()).type("subscribed"));
  }

  /** Waits until nothing is on its way any more, and forgets what came until then. */
  void settle() {
    bound.forEach(Client::settles);
    bound.forEach(Client::settles);
  }

  @Override
  public void close() {
    sockets.forEach(XmlSocket::close);
  }

  private Client client(XmlSocket socket) {
    sockets.add(socket);
    return new Client(service.domain(), transcript, socket, bound);
  }

  private Endpoint nextEndpoint() {
    return service.endpoint(sockets.size());
  }
}
