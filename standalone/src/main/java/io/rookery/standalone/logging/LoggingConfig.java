package io.rookery.standalone.logging;

import org.slf4j.event.Level;

/**
 * How the process logs to its standard output.
 *
 * @param level of Rookery's own loggers; libraries log from WARN
 */
public record LoggingConfig(Format format, Level level) {

  /** Lines for people, or one JSON object per line for collectors. */
  public enum Format {
    TEXT,
    JSON
  }
}
