package io.rookery.standalone.logging;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.LoggerFactory;

/**
 * Sets Logback up in code; found by it as a service, so that logging has its defaults before a
 * configuration is read.
 *
 * <p>Lines are written by a thread of their own, because a reader that stops reading our output
 * would otherwise stop event loops. When it lags by {@value #QUEUED_LINES} lines, lines are
 * dropped.
 */
public final class Logging extends ContextAwareBase implements Configurator {
  private static final int QUEUED_LINES = 8192;
  private static final LoggingConfig DEFAULT =
      new LoggingConfig(LoggingConfig.Format.TEXT, org.slf4j.event.Level.INFO);

  @Override
  public ExecutionStatus configure(LoggerContext loggers) {
    configure(loggers, DEFAULT);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** Makes all further log lines as configured. */
  public static void apply(LoggingConfig config) {
    LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
    loggers.reset();
    configure(loggers, config);
  }

  /** Writes what is queued, waiting for a second at most; nothing is logged afterwards. */
  public static void stop() {
    ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
  }

  private static void configure(LoggerContext loggers, LoggingConfig config) {
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(loggers);
    console.setEncoder(encoder(loggers, config.format()));
    console.start();
    AsyncAppender queue = new AsyncAppender();
    queue.setContext(loggers);
    queue.setQueueSize(QUEUED_LINES);
    queue.setNeverBlock(true);
    queue.addAppender(console);
    queue.start();
    Logger root = loggers.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(queue);
    loggers.getLogger("io.rookery").setLevel(Level.convertAnSLF4JLevel(config.level()));
  }

  private static Encoder<ILoggingEvent> encoder(
      LoggerContext loggers, LoggingConfig.Format format) {
    return switch (format) {
      case TEXT -> {
        PatternLayoutEncoder text = new PatternLayoutEncoder();
        text.setContext(loggers);
        text.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%thread] %logger{36} - %msg%n");
        text.start();
        yield text;
      }
      case JSON -> {
        JsonEncoder json = new JsonEncoder();
        json.setContext(loggers);
        json.setWithFormattedMessage(true);
        json.setWithMessage(false);
        json.setWithArguments(false);
        json.setWithContext(false);
        json.setWithSequenceNumber(false);
        json.setWithNanoseconds(false);
        json.start();
        yield json;
      }
    };
  }
}
