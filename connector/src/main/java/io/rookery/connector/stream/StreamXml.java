package io.rookery.connector.stream;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.stream.StreamError;
import io.rookery.protocol.xml.XmlWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The XML of streams that is not stanzas (RFC 6120, section 4). */
final class StreamXml {
  private StreamXml() {}

  static void open(XmlWriter w, String id, String from) {
    w.startTag("stream:stream")
        .attribute("xmlns", Namespaces.CLIENT)
        .attribute("xmlns:stream", Namespaces.STREAM)
        .attribute("id", id)
        .attribute("from", from)
        .attribute("version", "1.0")
        .attribute("xml:lang", "en")
        .endStartTag();
  }

  static void error(XmlWriter w, StreamError error) {
    w.startTag("stream:error");
    w.startTag(error.condition().xmlName())
        .attribute("xmlns", Namespaces.STREAM_ERRORS)
        .endTag(error.condition().xmlName());
    if (error.text() != null) {
      w.startTag("text")
          .attribute("xmlns", Namespaces.STREAM_ERRORS)
          .attribute("xml:lang", "en")
          .text(error.text())
          .endTag("text");
    }
    if (error.application() != null) {
      w.raw(error.application().getBytes(StandardCharsets.UTF_8));
    }
    w.endTag("stream:error");
  }

  static void close(XmlWriter w) {
    w.endTag("stream:stream");
  }

  /** An element without attributes of its own, such as {@code proceed}. */
  static void empty(XmlWriter w, String name, String namespace) {
    w.startTag(name).attribute("xmlns", namespace).endTag(name);
  }

  /** A challenge; without data it is empty in both profiles (RFC 6120, section 6.4.3). */
  static void challenge(XmlWriter w, boolean extensible, byte[] data) {
    if (extensible) {
      w.startTag("challenge").attribute("xmlns", Namespaces.SASL_2);
      w.text(Base64.getEncoder().encodeToString(data)).endTag("challenge");
    } else {
      sasl(w, "challenge", data);
    }
  }

  /**
   * The exchange was successful, and a task is to be done (XEP-0388, section 2.6.3).
   *
   * @param additional data of the mechanism, or null
   */
  static void saslContinue(XmlWriter w, byte[] additional, String task) {
    w.startTag("continue").attribute("xmlns", Namespaces.SASL_2);
    if (additional != null) {
      w.element("additional-data", Base64.getEncoder().encodeToString(additional));
    }
    w.startTag("tasks").element("task", task).endTag("tasks");
    w.endTag("continue");
  }

  /**
   * @param data an element as XML
   */
  static void taskData(XmlWriter w, byte[] data) {
    w.startTag("task-data").attribute("xmlns", Namespaces.SASL_2).raw(data).endTag("task-data");
  }

  /** A SASL element with its data in base64 (RFC 6120, section 6.4). */
  static void sasl(XmlWriter w, String name, byte[] data) {
    w.startTag(name).attribute("xmlns", Namespaces.SASL);
    if (data != null) {
      w.text(data.length == 0 ? "=" : Base64.getEncoder().encodeToString(data));
    }
    w.endTag(name);
  }

  /**
   * @param extensible in the namespace of XEP-0388, around a condition of RFC 6120
   */
  static void saslFailure(XmlWriter w, boolean extensible, String condition, String text) {
    w.startTag("failure").attribute("xmlns", extensible ? Namespaces.SASL_2 : Namespaces.SASL);
    w.startTag(condition).attribute("xmlns", extensible ? Namespaces.SASL : null);
    w.endTag(condition);
    if (text != null) {
      w.startTag("text").attribute("xml:lang", "en").text(text).endTag("text");
    }
    w.endTag("failure");
  }
}
