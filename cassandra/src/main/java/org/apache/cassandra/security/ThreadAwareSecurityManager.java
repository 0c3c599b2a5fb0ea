package org.apache.cassandra.security;

/**
 * Stands in for Cassandra's class of the same name, which sandboxes user-defined functions and
 * cannot be initialized on a JDK without security manager (24 and later). It is put before
 * Cassandra on the class path of the child process there; user-defined functions are switched off
 * always.
 */
public final class ThreadAwareSecurityManager {
  private ThreadAwareSecurityManager() {}

  public static void install() {}

  public static boolean isSecuredThread() {
    return false;
  }
}
