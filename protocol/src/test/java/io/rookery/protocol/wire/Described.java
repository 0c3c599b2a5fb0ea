package io.rookery.protocol.wire;

import io.rookery.protocol.stanza.Payload;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Everything a message says, as text: arrays and payloads have no equality of their own. */
final class Described {
  private Described() {}

  static String of(Object value) {
    if (value instanceof Record record) {
      return record.getClass().getSimpleName()
          + Arrays.stream(record.getClass().getRecordComponents())
              .map(component -> component.getName() + "=" + of(get(record, component)))
              .toList();
    } else if (value instanceof Payload payload) {
      return of(payload);
    } else if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> entry.getKey() + "=" + of(entry.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    } else if (value instanceof byte[] bytes) {
      return Arrays.toString(bytes);
    } else if (value instanceof long[] numbers) {
      return Arrays.toString(numbers);
    } else if (value instanceof Object[] objects) {
      return Arrays.stream(objects).map(Described::of).toList().toString();
    }
    return String.valueOf(value);
  }

  private static String of(Payload payload) {
    String bytes =
        new String(payload.array(), payload.offset(), payload.length(), StandardCharsets.UTF_8);
    return IntStream.range(0, payload.childCount())
            .mapToObj(
                i ->
                    payload.namespace(i)
                        + "#"
                        + payload.name(i)
                        + "@"
                        + payload.start(i)
                        + "-"
                        + payload.end(i))
            .toList()
        + bytes;
  }

  private static Object get(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
