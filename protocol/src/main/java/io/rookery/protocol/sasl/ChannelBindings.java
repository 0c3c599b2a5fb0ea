package io.rookery.protocol.sasl;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The channel-binding data of one TLS connection by registered type (RFC 5056), e.g. {@code
 * tls-exporter} (RFC 9266) or {@code tls-server-end-point} (RFC 5929), in the order to announce.
 */
public record ChannelBindings(Map<String, byte[]> dataByType) {

  /** Of a connection without TLS, or one whose TLS ends in front of this service. */
  public static final ChannelBindings NONE = new ChannelBindings(Map.of());

  public ChannelBindings {
    dataByType = Collections.unmodifiableMap(new LinkedHashMap<>(dataByType));
  }

  /** What to announce as {@code sasl-channel-binding} (XEP-0440); nothing when empty. */
  public List<String> types() {
    return List.copyOf(dataByType.keySet());
  }

  public boolean isEmpty() {
    return dataByType.isEmpty();
  }

  /** The data of a type, or null when this connection does not have it. */
  public byte[] data(String type) {
    return dataByType.get(type);
  }
}
