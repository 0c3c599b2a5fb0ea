package io.rookery.standalone.conversation;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * One TCP connection whose incoming stream is parsed by the JDK on a thread of its own, so that
 * nothing of the service's codec judges itself. Everything received waits in {@link #await} order.
 */
final class XmlSocket implements AutoCloseable {
  static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final String SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
  private static final String TLS = "urn:ietf:params:xml:ns:xmpp-tls";

  private final String party;
  private final Transcript transcript;
  private final List<Element> received = new ArrayList<>();
  private Socket socket;
  private boolean streamEnded;
  private boolean disconnected;

  private XmlSocket(String party, Transcript transcript, Socket socket) {
    this.party = party;
    this.transcript = transcript;
    this.socket = socket;
  }

  static XmlSocket plain(String party, Transcript transcript, Endpoint endpoint)
      throws IOException {
    Socket socket = new Socket();
    socket.connect(endpoint.starttls());
    socket.setTcpNoDelay(true);
    return new XmlSocket(party, transcript, socket).reading();
  }

  static XmlSocket directTls(String party, Transcript transcript, Endpoint endpoint, String domain)
      throws IOException {
    Socket socket = new Socket();
    socket.connect(endpoint.directTls());
    socket.setTcpNoDelay(true);
    return new XmlSocket(party, transcript, encrypted(socket, domain)).reading();
  }

  /** Wraps the connection in TLS after the server's go-ahead (RFC 6120, section 5.4.2.3). */
  void startTls(String domain) throws IOException {
    socket = encrypted(socket, domain);
    reading();
  }

  /** Expects a new stream on the same connection (RFC 6120, section 4.3.3). */
  XmlSocket reading() throws IOException {
    InputStream in = socket.getInputStream();
    Thread thread = new Thread(() -> read(in), "reader of " + party);
    thread.setDaemon(true);
    thread.start();
    return this;
  }

  void send(String xml) {
    transcript.sent(party, xml);
    try {
      socket.getOutputStream().write(xml.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
    } catch (IOException e) {
      throw transcript.failure(party + " could not send: " + e);
    }
  }

  /** Sends what may well be refused before its end: a broken connection is not a failure here. */
  void sendBytes(byte[] bytes) {
    transcript.sent(party, new String(bytes, StandardCharsets.UTF_8));
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (IOException e) {
      transcript.received(party, "(while sending: " + e + ")");
    }
  }

  /** The server's certificate, on a connection with TLS. */
  X509Certificate serverCertificate() throws IOException {
    return (X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0];
  }

  boolean isEncrypted() {
    return socket instanceof SSLSocket;
  }

  /**
   * Waits until {@code chosen} picks one of the elements received and not taken before, and takes
   * it away.
   *
   * @throws AssertionError after the time-out or when nothing more can come
   */
  Element await(String what, Function<List<Element>, Optional<Element>> chosen) {
    synchronized (received) {
      long deadline = System.nanoTime() + PATIENCE_NANOS;
      while (true) {
        Optional<Element> element = chosen.apply(received);
        if (element.isPresent()) {
          received.removeIf(e -> e == element.get());
          return element.get();
        }
        if (disconnected) {
          throw transcript.failure(party + " was disconnected instead of receiving " + what);
        }
        if (!waitUntil(deadline)) {
          throw transcript.failure(party + " did not receive " + what + " but " + received);
        }
      }
    }
  }

  /** Waits until the server has closed the connection. */
  void awaitDisconnect(long withinNanos) {
    synchronized (received) {
      long deadline = System.nanoTime() + withinNanos;
      while (!disconnected) {
        if (!waitUntil(deadline)) {
          throw transcript.failure(party + " is still connected");
        }
      }
    }
  }

  boolean isStreamEnded() {
    synchronized (received) {
      return streamEnded;
    }
  }

  /** What was received and not taken; taken by this call. */
  List<Element> takeAll() {
    synchronized (received) {
      List<Element> all = List.copyOf(received);
      received.clear();
      return all;
    }
  }

  boolean isDisconnected() {
    synchronized (received) {
      return disconnected;
    }
  }

  /** Drops the connection as a dying network does: no closing tag. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      transcript.received(party, "(while closing: " + e + ")");
    }
  }

  private boolean waitUntil(long deadline) {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      return false;
    }
    try {
      TimeUnit.NANOSECONDS.timedWait(received, left);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static SSLSocket encrypted(Socket plain, String domain) throws IOException {
    SSLContext context = TrustEveryone.context();
    SSLSocket tls =
        (SSLSocket) context.getSocketFactory().createSocket(plain, domain, plain.getPort(), true);
    SSLParameters parameters = tls.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"xmpp-client"});
    tls.setSSLParameters(parameters);
    tls.startHandshake();
    return tls;
  }

  private void read(InputStream in) {
    try {
      if (readStream(in)) {
        return;
      }
      while (in.read() >= 0) {
        // Whatever follows the closing tag is of no interest, the end of the connection is.
      }
      ended("(connection closed)");
    } catch (IOException | XMLStreamException e) {
      ended("(connection ended: " + e.getMessage() + ")");
    }
  }

  private void ended(String how) {
    transcript.received(party, how);
    synchronized (received) {
      disconnected = true;
      received.notifyAll();
    }
  }

  /** True when another stream follows on this connection (after STARTTLS or SASL). */
  private boolean readStream(InputStream in) throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    XMLStreamReader reader = factory.createXMLStreamReader(in, "UTF-8");
    Deque<OpenElement> open = new ArrayDeque<>();
    while (reader.hasNext()) {
      int event = reader.next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        open.push(new OpenElement(reader));
        if (open.size() == 1) {
          take(open.peek().toElement());
        }
      } else if (event == XMLStreamConstants.END_ELEMENT) {
        Element element = open.pop().toElement();
        if (open.isEmpty()) {
          endOfStream();
          return false;
        }
        if (open.size() > 1) {
          open.peek().children.add(element);
        } else {
          take(element);
          if (element.is("proceed", TLS) || element.is("success", SASL)) {
            return true;
          }
        }
      } else if (event == XMLStreamConstants.CHARACTERS && !open.isEmpty()) {
        open.peek().text.append(reader.getText());
      }
    }
    return false;
  }

  private void endOfStream() {
    transcript.received(party, "</stream:stream>");
    synchronized (received) {
      streamEnded = true;
      received.notifyAll();
    }
  }

  private void take(Element element) {
    transcript.received(party, element.toString());
    synchronized (received) {
      received.add(element);
      received.notifyAll();
    }
  }

  private static final class OpenElement {
    private final QName name;
    private final Map<QName, String> attributes = new LinkedHashMap<>();
    private final List<Element> children = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    private OpenElement(XMLStreamReader reader) {
      name = reader.getName();
      for (int i = 0; i < reader.getAttributeCount(); i++) {
        attributes.put(reader.getAttributeName(i), reader.getAttributeValue(i));
      }
    }

    private Element toElement() {
      return new Element(name, Map.copyOf(attributes), List.copyOf(children), text.toString());
    }
  }
}
