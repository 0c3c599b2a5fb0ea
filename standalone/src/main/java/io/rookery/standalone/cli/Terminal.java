package io.rookery.standalone.cli;

import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where commands read and write.
 *
 * @param hidden asks for a line that is not echoed; empty when nobody can be asked
 * @param interactive somebody sees what is written, and lines can be written over
 */
public record Terminal(
    InputStream in,
    PrintWriter out,
    PrintWriter err,
    Function<String, Optional<String>> hidden,
    boolean interactive) {

  /** The terminal of the process. */
  public static Terminal system() {
    return new Terminal(
        System.in,
        new PrintWriter(System.out, true),
        new PrintWriter(System.err, true),
        prompt ->
            Optional.ofNullable(System.console())
                .map(console -> console.readPassword("%s", prompt))
                .map(String::new),
        System.console() != null);
  }
}
