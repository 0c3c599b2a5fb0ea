package io.rookery.cassandra;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Lets Cassandra answer a request only when all it has written is on disk: {@link
 * CommitLog#REQUEST}. Runs in the child process, by reflection, because Cassandra's classes are not
 * on our class path.
 *
 * <p>It is a listener for executed statements, which Cassandra calls on the request's thread before
 * the answer is sent. There it asks for a flush of the commit log and waits for one that began
 * after the statement was executed. Cassandra itself offers that per partition written only, which
 * for a group of messages is one disk flush and two context switches for each of them, in turn.
 */
final class RequestSync implements InvocationHandler {
  private static final String EVENTS = "org.apache.cassandra.cql3.QueryEvents";

  private final Method consistency;
  private final Field commitLog;
  private final Field service;
  private final Method sync;

  private RequestSync() throws ReflectiveOperationException {
    Class<?> log = load("org.apache.cassandra.db.commitlog.CommitLog");
    consistency = load("org.apache.cassandra.cql3.QueryOptions").getMethod("getConsistency");
    commitLog = log.getField("instance");
    service = log.getDeclaredField("executor");
    service.setAccessible(true);
    sync =
        load("org.apache.cassandra.db.commitlog.AbstractCommitLogService")
            .getMethod("syncBlocking");
  }

  /** To be called before Cassandra starts. */
  static void install() throws ReflectiveOperationException {
    Class<?> events = load(EVENTS);
    Class<?> listener = load(EVENTS + "$Listener");
    Object proxy =
        Proxy.newProxyInstance(
            listener.getClassLoader(), new Class<?>[] {listener}, new RequestSync());
    events
        .getMethod("registerListener", listener)
        .invoke(events.getField("instance").get(null), proxy);
  }

  /** Without initializing it, for which it is too early. */
  private static Class<?> load(String name) throws ClassNotFoundException {
    return Class.forName(name, false, RequestSync.class.getClassLoader());
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] args) {
    return switch (method.getName()) {
      case "querySuccess", "executeSuccess" -> written(args[0], args[2]);
      case "batchSuccess" -> written(null, null);
      case "equals" -> proxy == args[0];
      case "hashCode" -> System.identityHashCode(this);
      case "toString" -> "RequestSync";
      default -> null;
    };
  }

  /** Cassandra goes on when a listener fails; to answer then would break the promise. */
  private Object written(Object statement, Object options) {
    try {
      if (statement == null || !isPlainRead(statement, options)) {
        sync.invoke(service.get(commitLog.get(null)));
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      System.err.println("Cannot flush the commit log: " + e);
      Runtime.getRuntime().halt(1);
    }
    return null;
  }

  /** A serial read can finish the write of another. */
  private boolean isPlainRead(Object statement, Object options)
      throws ReflectiveOperationException {
    return statement.getClass().getSimpleName().equals("SelectStatement")
        && !consistency.invoke(options).toString().endsWith("SERIAL");
  }
}
