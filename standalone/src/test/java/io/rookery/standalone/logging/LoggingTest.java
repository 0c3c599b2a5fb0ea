package io.rookery.standalone.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What a process writes to its standard output. */
class LoggingTest {

  @Test
  void textIsTheDefaultAndLibrariesAreQuiet() throws Exception {
    List<String> lines = lines("default");
    assertEquals(2, lines.size(), lines.toString());
    assertTrue(
        lines
            .get(0)
            .matches(
                "\\d{4}-\\d\\d-\\d\\dT[\\d:.]+(Z|[+-]\\d\\d:\\d\\d) INFO  \\[main] io.rookery.Loud"
                    + " - info \"1\""),
        lines.get(0));
    assertTrue(lines.get(1).contains("WARN  [main] io.netty.Quiet - warn"), lines.get(1));
  }

  @Test
  void jsonIsOneObjectPerLine() throws Exception {
    List<String> lines = lines("json");
    assertEquals(3, lines.size(), lines.toString());
    JsonObject debug = new JsonObject(lines.get(0));
    assertEquals("DEBUG", debug.getString("level"));
    assertEquals("io.rookery.Loud", debug.getString("loggerName"));
    assertEquals("debug\nof two lines", debug.getString("formattedMessage"));
    assertEquals("info \"1\"", new JsonObject(lines.get(1)).getString("formattedMessage"));
    JsonObject warn = new JsonObject(lines.get(2));
    assertTrue(warn.getJsonObject("throwable").getString("message").contains("cause"));
    assertFalse(warn.getLong("timestamp") == 0);
  }

  private static List<String> lines(String mode) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LogMain.class.getName(),
                mode)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor());
    return output
        .lines()
        .filter(line -> !line.startsWith("\t") && !line.startsWith("java."))
        .toList();
  }

  static final class LogMain {
    private LogMain() {}

    public static void main(String[] arguments) {
      if (arguments[0].equals("json")) {
        Logging.apply(new LoggingConfig(LoggingConfig.Format.JSON, Level.DEBUG));
      }
      Logger loud = LoggerFactory.getLogger("io.rookery.Loud");
      Logger quiet = LoggerFactory.getLogger("io.netty.Quiet");
      loud.debug("debug\nof two lines");
      loud.info("info \"{}\"", 1);
      quiet.info("info");
      quiet.warn("warn", new IllegalStateException("the cause"));
      Logging.stop();
    }
  }
}
