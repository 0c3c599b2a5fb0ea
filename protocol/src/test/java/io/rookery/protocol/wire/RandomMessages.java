package io.rookery.protocol.wire;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.sasl.ChannelBindings;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.stream.StreamError;
import io.rookery.protocol.xml.Element;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** Messages of every type with random content, made from what their records say they hold. */
final class RandomMessages {
  private static final String[] TEXTS = {
    "", "a", "romeo", "jürgen", "日本\uD83D\uDE00", "x".repeat(300)
  };
  private static final Jid[] JIDS =
      Stream.of("a.example", "romeo@montague.example/orchard", "jürgen@bücher.example", "c@d/e f")
          .map(Jid::parse)
          .toArray(Jid[]::new);

  /** Every type of message there is. */
  static final List<Class<?>> TYPES =
      Stream.of(ToRouter.class, ToConnector.class)
          .flatMap(side -> Arrays.stream(side.getPermittedSubclasses()))
          .toList();

  private static final Set<Class<?>> OPTIONAL =
      Set.of(
          LoginRequest.class,
          BindRequest.class,
          BindResult.class,
          IssuedToken.class,
          ClientDescription.class);

  private final Random random;
  private int arrayLength;

  RandomMessages(long seed) {
    random = new Random(seed);
  }

  WireMessage next(Class<?> type) {
    arrayLength = random.nextInt(5);
    return (WireMessage) record(type);
  }

  private Object record(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types)
          .newInstance(Arrays.stream(types).map(this::value).toArray());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private Object value(Class<?> type) {
    if (type == long.class) {
      return number();
    } else if (type == boolean.class) {
      return random.nextBoolean();
    } else if (type == String.class) {
      return text();
    } else if (type == byte[].class) {
      return random.nextInt(4) == 0 ? null : bytes();
    } else if (type == Jid.class) {
      return jid();
    } else if (type == Jid[].class) {
      return Stream.generate(this::jid).limit(arrayLength).toArray(Jid[]::new);
    } else if (type == List.class) {
      return Stream.generate(() -> of(TEXTS)).limit(arrayLength).toList();
    } else if (type == long[].class) {
      return random.longs(arrayLength).toArray();
    } else if (type == ToRouter.class) {
      return new ToRouter.Settled(number(), random.nextBoolean());
    } else if (type == Unacked[].class) {
      return Stream.generate(this::unacked).limit(arrayLength).toArray(Unacked[]::new);
    } else if (type == Stanza.class) {
      return stanza();
    } else if (type == LoopAddress.class) {
      return new LoopAddress("node", random.nextInt(64));
    } else if (type == ChannelBindings.class) {
      return bindings();
    } else if (type == StanzaError.class) {
      return new StanzaError(
          of(StanzaError.Type.values()), of(StanzaError.Condition.values()), text(), text());
    } else if (type == StreamError.class) {
      return new StreamError(of(StreamError.Condition.values()), text(), text());
    }
    if (OPTIONAL.contains(type)) {
      return random.nextBoolean() ? null : record(type);
    }
    throw new AssertionError("say how to make a random " + type);
  }

  Unacked unacked() {
    return new Unacked(stanza(), number(), number(), random.nextBoolean());
  }

  private ChannelBindings bindings() {
    Map<String, byte[]> data = new LinkedHashMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      data.put("type-" + i, bytes());
    }
    return new ChannelBindings(data);
  }

  Stanza stanza() {
    Element[] children = new Element[random.nextInt(4)];
    for (int i = 0; i < children.length; i++) {
      children[i] = Element.of(of("jabber:client", "urn:example"), "child" + i, of(TEXTS));
    }
    Stanza stanza = Stanza.of(of(StanzaType.values()), jid(), jid(), text(), children);
    return new Stanza(
        stanza.type(), stanza.from(), stanza.to(), stanza.id(), text(), stanza.payload());
  }

  private long number() {
    return random.nextLong() >>> random.nextInt(64);
  }

  private byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    return bytes;
  }

  private Jid jid() {
    return random.nextInt(5) == 0 ? null : of(JIDS);
  }

  private String text() {
    return random.nextInt(4) == 0 ? null : of(TEXTS);
  }

  @SafeVarargs
  private <T> T of(T... values) {
    return values[random.nextInt(values.length)];
  }
}
