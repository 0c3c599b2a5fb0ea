package io.rookery.standalone.supported;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.cluster.ClusterConfig.Role;
import io.rookery.connector.StreamFeature;
import io.rookery.protocol.SupportedXep;
import io.rookery.router.extension.Manifest;
import io.rookery.standalone.config.ConfigLoader;
import io.rookery.standalone.portable.Import;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * {@code doap.xml} and {@code docs/xeps.md} say what the code says. When they do not, the new ones
 * are in {@code standalone/target/supported}, to be copied.
 */
class ListingTest {
  private static final String TITLE =
      """
      # Supported XEPs

      Made of the manifests of the code, see [extensions.md](extensions.md); a test compares. `doap.xml` says the same to
      programs.

      """;

  private static Listing listing() throws Exception {
    List<SupportedXep> xeps = new ArrayList<>(StreamFeature.XEPS);
    xeps.add(Import.XEP);
    var config = new ConfigLoader(Map.of()).load(Role.STANDALONE, Optional.empty());
    for (Manifest manifest : RunningManifests.of(config.router(), "1")) {
      xeps.addAll(manifest.supported());
    }
    return new Listing(xeps);
  }

  private static void isCurrent(String made, Path document) throws IOException {
    Path current = Path.of("target", "supported").resolve(document.getFileName());
    Files.createDirectories(current.getParent());
    Files.writeString(current, made);
    assertEquals(
        made,
        Files.exists(document) ? Files.readString(document) : "",
        () ->
            "stale; in the top directory: cp standalone/%s %s"
                .formatted(current, Path.of("..").relativize(document)));
  }

  @Test
  void theDescriptionOfTheProjectIsCurrent() throws Exception {
    isCurrent(listing().doap(), Path.of("..", "doap.xml"));
  }

  @Test
  void theTableIsCurrent() throws Exception {
    isCurrent(TITLE + listing().table(), Path.of("..", "docs", "xeps.md"));
  }

  /** XEP-0453, section 4.2. */
  @Test
  void theDescriptionIsWellFormed() throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    String xml = new Listing(List.of(SupportedXep.partial(9999, "0.1", "T", "<a> & b"))).doap();
    NodeList xeps =
        factory
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))
            .getElementsByTagNameNS("https://linkmauve.fr/ns/xmpp-doap#", "SupportedXep");
    assertEquals(1, xeps.getLength());
    Element xep = (Element) xeps.item(0);
    assertEquals("<a> & b", xep.getElementsByTagName("xmpp:note").item(0).getTextContent());
    assertEquals("partial", xep.getElementsByTagName("xmpp:status").item(0).getTextContent());
    assertTrue(xml.contains("'https://xmpp.org/extensions/xep-9999.html'"), xml);
  }

  @Test
  void noXepIsThereTwice() {
    SupportedXep xep = SupportedXep.complete(1, "1", "T", "");
    assertThrows(IllegalStateException.class, () -> new Listing(List.of(xep, xep)));
    assertThrows(IllegalArgumentException.class, () -> SupportedXep.partial(1, "1", "T", ""));
  }
}
