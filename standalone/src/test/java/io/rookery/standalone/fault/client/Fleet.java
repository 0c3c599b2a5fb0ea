package io.rookery.standalone.fault.client;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Pairs of clients that write to each other at a steady rate, all on one thread: 200 are cheap.
 * Flow {@code n} is what client {@code n} sends to its neighbour. Methods block.
 */
public final class Fleet implements AutoCloseable {
  private static final long TICK_MILLIS = 500;
  private static final long POLL_MILLIS = 50;
  private static final long CONNECT_STEP_MILLIS = 20;

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final List<Account> accounts;
  private final Ledgers ledgers = new Ledgers();
  private final List<ResumingClient> clients = new ArrayList<>();
  private boolean talking;

  /**
   * @param accounts an even number; signed up when they first log in
   * @param endpoints of direct TLS, any of which takes any client
   * @param rate messages of each client in a second
   */
  public Fleet(List<Account> accounts, List<InetSocketAddress> endpoints, double rate, long seed) {
    this.accounts = List.copyOf(accounts);
    Random random = new Random(seed);
    NettyNetwork network = new NettyNetwork(loop, accounts.get(0).domain());
    for (int flow = 0; flow < accounts.size(); flow++) {
      Account own = accounts.get(flow);
      clients.add(
          new ResumingClient(
              flow, own, accounts.get(partner(flow)), endpoints, network, ledgers, random));
    }
    long interval = Math.round(TimeUnit.SECONDS.toNanos(1) / rate);
    for (ResumingClient client : clients) {
      loop.scheduleAtFixedRate(
          () -> talk(client), random.nextLong(interval), interval, TimeUnit.NANOSECONDS);
      loop.scheduleAtFixedRate(client::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void talk(ResumingClient client) {
    if (talking) {
      client.sendMessage();
    }
  }

  /** Number of the client that gets what this one sends. */
  public static int partner(int flow) {
    return flow ^ 1;
  }

  public List<Account> accounts() {
    return accounts;
  }

  /** Opens the books of a run; what is sent from now on belongs to it. */
  public void begin(long run) {
    ask(
        () -> {
          ledgers.begin(new Ledger(run, clients.size()));
          return null;
        });
  }

  /** Logs everybody in for the first time; a run must have begun. */
  public void connect() {
    for (int i = 0; i < clients.size(); i++) {
      loop.schedule(clients.get(i)::connect, i * CONNECT_STEP_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Starts or stops the sending of messages. */
  public void talk(boolean on) {
    ask(() -> talking = on);
  }

  /** Whether everybody is logged in before the time is over. */
  public boolean awaitLive(Duration limit) throws InterruptedException {
    return await(() -> clients.stream().allMatch(ResumingClient::isLive), limit);
  }

  /** Whether every flow carries a message that is sent from now on, before the time is over. */
  public boolean awaitFlow(Duration limit) throws InterruptedException {
    List<Integer> next = ask(this::sent);
    return await(() -> isFlowing(next), limit);
  }

  private List<Integer> sent() {
    List<Integer> sent = new ArrayList<>();
    for (int flow = 0; flow < clients.size(); flow++) {
      sent.add(ledgers.current().sent(flow));
    }
    return sent;
  }

  private boolean isFlowing(List<Integer> next) {
    for (int flow = 0; flow < next.size(); flow++) {
      if (!ledgers.current().hasReceivedFrom(flow, next.get(flow))) {
        return false;
      }
    }
    return true;
  }

  /** Whether everything sent is acknowledged and received before the time is over. */
  public boolean awaitSettled(Duration limit) throws InterruptedException {
    return await(() -> ledgers.current().isSettled(), limit);
  }

  /** The balance of a run; late receptions change it. */
  public Tally tally(long run) {
    return ask(() -> ledgers.of(run).tally(System.nanoTime()));
  }

  /** Flows of a run of which something is not acknowledged or not received, for the log. */
  public List<String> stuck(long run) {
    return ask(
        () -> {
          List<String> all = new ArrayList<>();
          for (int flow = 0; flow < clients.size(); flow++) {
            String missing = ledgers.of(run).missing(flow);
            if (!missing.isEmpty()) {
              all.add(
                  accounts.get(flow).localpart()
                      + " to "
                      + accounts.get(partner(flow)).localpart()
                      + ": "
                      + missing);
            }
          }
          return all;
        });
  }

  /** What is acknowledged in a run, by flow. */
  public List<BitSet> acked(long run) {
    return ask(
        () -> {
          List<BitSet> all = new ArrayList<>();
          for (int flow = 0; flow < clients.size(); flow++) {
            all.add(ledgers.of(run).acked(flow));
          }
          return all;
        });
  }

  /** Some reasons for which logins were refused; clients have tried again. */
  public Set<String> loginsRefused() {
    return ask(ledgers::loginsRefused);
  }

  private boolean await(Callable<Boolean> condition, Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!ask(condition)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return true;
  }

  private <T> T ask(Callable<T> question) {
    try {
      return loop.submit(question).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    ask(
        () -> {
          talking = false;
          clients.forEach(ResumingClient::leave);
          return null;
        });
    group.shutdownGracefully(1500, 5000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
  }
}
