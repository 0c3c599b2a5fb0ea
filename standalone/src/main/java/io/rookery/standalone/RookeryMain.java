package io.rookery.standalone;

import io.rookery.standalone.cli.Rookery;
import io.rookery.standalone.cli.Terminal;
import io.rookery.standalone.service.Composition;

/** The process. */
public final class RookeryMain {

  private RookeryMain() {}

  public static void main(String[] arguments) {
    Rookery rookery = new Rookery(new Composition(), System.getenv(), Terminal.system());
    System.exit(rookery.run(arguments));
  }
}
