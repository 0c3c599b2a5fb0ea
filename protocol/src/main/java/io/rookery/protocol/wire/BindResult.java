package io.rookery.protocol.wire;

/**
 * What was done with a session as its client asked in the request that bound it (XEP-0386).
 *
 * @param managed stream management is on from the first stanza (XEP-0198)
 * @param id to resume by, null when that was not asked for
 * @param maxSeconds how long the session waits for that
 * @param features what extensions answer, elements as XML; null for nothing
 */
public record BindResult(boolean managed, String id, long maxSeconds, byte[] features) {

  static BindResult read(WireReader r) {
    return new BindResult(r.bool(), r.string(), r.number(), r.bytes());
  }

  void write(WireWriter w) {
    w.bool(managed);
    w.string(id);
    w.number(maxSeconds);
    w.bytes(features);
  }
}
