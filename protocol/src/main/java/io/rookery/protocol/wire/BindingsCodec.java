package io.rookery.protocol.wire;

import io.rookery.protocol.sasl.ChannelBindings;
import java.util.LinkedHashMap;
import java.util.Map;

/** Channel-binding data on the wire. */
final class BindingsCodec {
  private BindingsCodec() {}

  static void write(WireWriter w, ChannelBindings bindings) {
    w.number(bindings.dataByType().size());
    bindings
        .dataByType()
        .forEach(
            (type, data) -> {
              w.string(type);
              w.bytes(data);
            });
  }

  static ChannelBindings read(WireReader r) {
    Map<String, byte[]> dataByType = new LinkedHashMap<>();
    for (int i = r.count(2); i > 0; i--) {
      dataByType.put(r.required(), r.bytes());
    }
    return new ChannelBindings(dataByType);
  }
}
