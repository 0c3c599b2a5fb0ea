package io.rookery.standalone.supported;

import io.rookery.protocol.SupportedXep;
import io.rookery.protocol.xml.Element;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is supported, as documents of the project. */
final class Listing {
  private static final String RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
  private static final List<String> RFCS =
      List.of("rfc6120", "rfc6121", "rfc7590", "rfc7622", "rfc5802", "rfc7677", "rfc9266");
  private static final String HEAD =
      """
      <?xml version='1.0' encoding='UTF-8'?>
      <!-- Made of the manifests of the code, see docs/extensions.md. -->
      <rdf:RDF xmlns:rdf='%s'
               xmlns='http://usefulinc.com/ns/doap#'
               xmlns:xmpp='https://linkmauve.fr/ns/xmpp-doap#'>
        <Project xml:lang='en'>
          <name>Rookery</name>
          <shortdesc xml:lang='en'>A clustered XMPP server in Java</shortdesc>
          <license rdf:resource='http://www.apache.org/licenses/LICENSE-2.0'/>
          <programming-language>Java</programming-language>
          <os>Linux</os>
          <category rdf:resource='https://linkmauve.fr/ns/xmpp-doap#category-server'/>
      """;
  private static final String TAIL = "  </Project>\n</rdf:RDF>\n";

  private final Collection<SupportedXep> xeps;

  /**
   * @throws IllegalStateException when a XEP is there twice
   */
  Listing(List<SupportedXep> xeps) {
    this.xeps =
        xeps.stream()
            .collect(
                Collectors.toMap(
                    SupportedXep::number,
                    xep -> xep,
                    (a, b) -> {
                      throw new IllegalStateException("twice: " + a + " and " + b);
                    },
                    TreeMap::new))
            .values();
  }

  /** For software that lists software (XEP-0453). */
  String doap() {
    StringBuilder xml = new StringBuilder(HEAD.formatted(RDF));
    for (String rfc : RFCS) {
      xml.append("    <implements rdf:resource='https://www.rfc-editor.org/info/")
          .append(rfc + "'/>\n");
    }
    xeps.forEach(xep -> xml.append(doap(xep)));
    return xml.append(TAIL).toString();
  }

  private static String doap(SupportedXep xep) {
    return """
            <implements>
              <xmpp:SupportedXep>
                <xmpp:xep rdf:resource='https://xmpp.org/extensions/xep-%s.html'/>
                <xmpp:status>%s</xmpp:status>
                <xmpp:version>%s</xmpp:version>
        %s      </xmpp:SupportedXep>
            </implements>
        """
        .formatted(
            number(xep),
            status(xep),
            xep.version(),
            xep.note().isEmpty()
                ? ""
                : "        <xmpp:note xml:lang='en'>" + escaped(xep.note()) + "</xmpp:note>\n");
  }

  private static String escaped(String text) {
    String element = Element.of("", "t", text).toString();
    return element.substring(element.indexOf('>') + 1, element.lastIndexOf('<'));
  }

  /** For people. */
  String table() {
    return xeps.stream()
        .map(
            xep ->
                "| [%s](https://xmpp.org/extensions/xep-%s.html) | %s | %s | %s | %s |\n"
                    .formatted(
                        number(xep),
                        number(xep),
                        xep.title(),
                        xep.version(),
                        status(xep),
                        xep.note()))
        .collect(
            Collectors.joining(
                "",
                "| XEP | title | version | state | note |\n| --- | --- | --- | --- | --- |\n",
                ""));
  }

  private static String number(SupportedXep xep) {
    return String.format("%04d", xep.number());
  }

  private static String status(SupportedXep xep) {
    return xep.status().name().toLowerCase(Locale.ROOT);
  }
}
