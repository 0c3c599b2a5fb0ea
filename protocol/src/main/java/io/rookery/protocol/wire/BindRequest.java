package io.rookery.protocol.wire;

import java.util.List;

/**
 * How a client wants its session, in the request that binds it (XEP-0386).
 *
 * @param tag names the client's software in the resource, null for none
 * @param client the id of its user agent, a UUID; null when it gave none
 * @param manage stream management is to be on from the first stanza (XEP-0198)
 * @param resume the session is to be resumable
 * @param maxSeconds how long at most, as the client wishes; 0 for no wish
 * @param features the request as XML, for extensions; null when there is nothing for them in it
 * @param description what else is known of the client, null from an older connector
 */
public record BindRequest(
    String tag,
    String client,
    boolean manage,
    boolean resume,
    long maxSeconds,
    byte[] features,
    ClientDescription description) {

  /** By a client of which nothing else is known. */
  public BindRequest(
      String tag, String client, boolean manage, boolean resume, long maxSeconds, byte[] features) {
    this(tag, client, manage, resume, maxSeconds, features, null);
  }

  /**
   * Features of extensions that can be asked for in it, as connectors announce them: namespaces, or
   * names for service discovery. Routers refuse to start with an extension whose feature is not
   * here.
   */
  public static final List<String> FEATURES = List.of("urn:xmpp:carbons:2");

  static BindRequest read(WireReader r) {
    return new BindRequest(
        r.string(),
        r.string(),
        r.bool(),
        r.bool(),
        r.number(),
        r.bytes(),
        r.optional(ClientDescription::read));
  }

  void write(WireWriter w) {
    w.string(tag);
    w.string(client);
    w.bool(manage);
    w.bool(resume);
    w.number(maxSeconds);
    w.bytes(features);
    w.optional(description, ClientDescription::write);
  }
}
