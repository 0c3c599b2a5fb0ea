package io.rookery.standalone.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReferenceTableTest {
  private static final String BEGIN = "<!-- table: rookery config table -->\n";
  private static final String END = "<!-- end of table -->";

  @Test
  void theDocumentHasTheTableOfTheCode() throws IOException {
    String document = Files.readString(Path.of("..", "docs", "configuration.md"));
    int begin = document.indexOf(BEGIN);
    int end = document.indexOf(END);
    assertTrue(begin >= 0 && end > begin, "markers");
    assertEquals(ReferenceTable.markdown(), document.substring(begin + BEGIN.length(), end));
  }

  @Test
  void noTwoKeysShareAVariable() {
    var variables = Keys.ALL.stream().collect(Collectors.groupingBy(Key::variable));
    variables.forEach((variable, keys) -> assertEquals(1, keys.size(), variable));
  }
}
