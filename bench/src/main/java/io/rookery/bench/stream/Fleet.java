package io.rookery.bench.stream;

import io.rookery.bench.stream.Client.Purpose;
import io.rookery.bench.stream.Client.Registration;
import io.rookery.bench.stream.Client.State;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;

/**
 * The clients of a run: logs them in, a bounded number at a time, tries three times, and counts how
 * it went. Used on the event loop only.
 */
public final class Fleet {
  private static final int TRIES = 3;
  private static final long LOGIN_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Network network;
  private final int parallel;
  private final Notes notes;
  private final List<Client> clients = new ArrayList<>();
  private final int[] tries;
  private final Queue<Client> waiting = new ArrayDeque<>();
  private final Histogram loginMicros = new Histogram(TimeUnit.HOURS.toMicros(1), 3);
  private ClientHandler behaviour = new ClientHandler() {};
  private Purpose purpose = Purpose.LOGIN;
  private int inProgress;
  private int connected;
  private int ready;
  private long logins;
  private long failures;
  private long disconnects;
  private long resumed;
  private boolean lossExpected;
  private long created;
  private long existing;

  /**
   * @param parallel how many logins may be in progress at a time
   */
  public Fleet(
      Network network,
      int size,
      IntFunction<String> user,
      Credentials credentials,
      Tls tls,
      boolean managed,
      int parallel,
      Notes notes) {
    this.network = network;
    this.parallel = parallel;
    this.notes = notes;
    this.tries = new int[size];
    Relay relay = new Relay();
    for (int i = 0; i < size; i++) {
      clients.add(new Client(i, user.apply(i), credentials, tls, managed, relay, relay));
    }
    network.loop().scheduleAtFixedRate(this::sweep, 1, 1, TimeUnit.SECONDS);
  }

  public Client client(int index) {
    return clients.get(index);
  }

  public int size() {
    return clients.size();
  }

  /** Says who hears of what happens from now on. */
  public void behaveAs(ClientHandler handler) {
    behaviour = handler;
  }

  /** Queues the clients from {@code from} to before {@code to} for their login. */
  public void login(int from, int to) {
    enqueue(from, to, Purpose.LOGIN);
  }

  /** Queues the clients for in-band registration; each connection is closed afterwards. */
  public void register(int from, int to) {
    enqueue(from, to, Purpose.REGISTER);
  }

  /** Connections may be lost from now on; later ones go to another address. */
  public void expectLoss(InetSocketAddress next) {
    lossExpected = true;
    network.remote(next);
  }

  /** Loses the connections of all clients. */
  public void drop() {
    clients.stream().filter(Client::isReady).forEach(Client::drop);
  }

  /** Queues clients that have lost their connections for the resumption of their sessions. */
  public void resume(int from, int to) {
    enqueue(from, to, Purpose.RESUME);
  }

  /** Sessions resumed so far. */
  public long resumed() {
    return resumed;
  }

  /** Closes every ready client's stream and forgets the waiting ones. */
  public void logout() {
    waiting.clear();
    clients.stream().filter(Client::isReady).forEach(this::close);
  }

  /** Closes the stream of a ready client. */
  public void close(Client client) {
    ready--;
    client.close();
  }

  private void enqueue(int from, int to, Purpose what) {
    purpose = what;
    for (Client client : clients.subList(from, to)) {
      tries[client.index()] = 0;
      waiting.add(client);
    }
    startWaiting();
  }

  private void startWaiting() {
    while (inProgress < parallel && !waiting.isEmpty()) {
      inProgress++;
      connected++;
      network.connect(waiting.remove(), purpose);
    }
  }

  private void sweep() {
    long now = System.nanoTime();
    for (Client client : clients) {
      State state = client.state();
      if (state == State.CLOSING && now - client.since() > CLOSE_NANOS) {
        client.abandon("closing timed out");
      } else if (state != State.OFFLINE
          && state != State.READY
          && state != State.CLOSING
          && now - client.since() > LOGIN_NANOS) {
        client.abandon("login timed out in " + state);
      }
    }
  }

  /** Clients that are logged in now. */
  public int ready() {
    return ready;
  }

  /** Whether nobody is connected, nor waiting to be. */
  public boolean isOffline() {
    return connected == 0 && waiting.isEmpty();
  }

  /** Successful logins so far. */
  public long logins() {
    return logins;
  }

  /** Logins and registrations given up so far. */
  public long failures() {
    return failures;
  }

  /** Connections lost after their login. */
  public long disconnects() {
    return disconnects;
  }

  /** Accounts registered so far. */
  public long created() {
    return created;
  }

  /** Accounts that were there already when they should have been registered. */
  public long existing() {
    return existing;
  }

  /** From the start of connecting to the roster, in microseconds. */
  public Histogram loginMicros() {
    return loginMicros;
  }

  /** What every client reports to; passes on what is of interest to the behaviour of the moment. */
  private final class Relay implements Client.Lifecycle, ClientHandler {
    @Override
    public void ready(Client client) {
      inProgress--;
      ready++;
      if (purpose == Purpose.RESUME) {
        resumed++;
      } else {
        logins++;
      }
      long micros = (System.nanoTime() - client.since()) / 1000;
      loginMicros.recordValue(Math.min(micros, loginMicros.getHighestTrackableValue()));
      startWaiting();
      behaviour.ready(client);
    }

    @Override
    public void registered(Client client, Registration registration, String answer) {
      inProgress--;
      switch (registration) {
        case CREATED -> created++;
        case EXISTING -> existing++;
        case REFUSED -> {
          failures++;
          notes.add("registration: " + answer);
        }
      }
    }

    @Override
    public void ended(Client client, State was, String reason, boolean retry) {
      connected--;
      if (was == State.READY && lossExpected && purpose != Purpose.RESUME) {
        ready--;
      } else if (was == State.READY) {
        ready--;
        disconnects++;
        notes.add("disconnected: " + reason);
      } else if (was != State.CLOSING) {
        inProgress--;
        notes.add("failed in " + was + ": " + reason);
        if (retry && ++tries[client.index()] < TRIES) {
          waiting.add(client);
          startWaiting();
          return;
        }
        failures++;
      }
      startWaiting();
      behaviour.closed(client);
    }

    @Override
    public void message(Client client, Element message) {
      behaviour.message(client, message);
    }

    @Override
    public void presence(Client client, Element presence) {
      behaviour.presence(client, presence);
    }

    @Override
    public void roster(Client client, Element iq) {
      behaviour.roster(client, iq);
    }

    @Override
    public String answer(Client client, Element request) {
      return behaviour.answer(client, request);
    }

    @Override
    public void reply(Client client, Element iq, String id) {
      behaviour.reply(client, iq, id);
    }
  }
}
