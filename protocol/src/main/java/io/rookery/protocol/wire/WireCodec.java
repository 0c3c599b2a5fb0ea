package io.rookery.protocol.wire;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.sasl.ChannelBindings;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stream.StreamError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The bytes of {@link WireMessage}, version 1. A message is its type, its length and its fields;
 * fields are only ever added at the end, and a reader ignores bytes after the fields it knows, so
 * that version N talks to N+1 during a rolling upgrade. A message of unknown type is skipped.
 */
public final class WireCodec {
  public static final int VERSION = 1;

  private WireCodec() {}

  private static final Type[] TYPES = Type.values();

  /** The order is part of the contract: append only. */
  private enum Type {
    SASL_START(
        r -> new ToRouter.SaslStart(
                r.number(), r.string(), r.string(), r.bytes(),
                r.bool(), bindings(r), r.string())),
    SASL_RESPONSE(r -> new ToRouter.SaslResponse(r.number(), r.bytes())),
    SASL_ABORT(r -> new ToRouter.SaslAbort(r.number())),
    BIND(r -> new ToRouter.Bind(r.number(), r.jid(), r.string(), r.string())),
    REGISTRATION(
        r -> new ToRouter.Registration(r.number(), r.string(), StanzaCodec.read(r), r.string())),
    FROM_CLIENT(
        r -> new ToRouter.FromClient(r.jid(), r.number(), r.number(), StanzaCodec.read(r))),
    STREAM_ENDED(r -> new ToRouter.StreamEnded(r.jid(), r.number(), r.bool())),
    ROUTED(r -> new ToRouter.Routed(StanzaCodec.read(r), r.number(), address(r))),
    FANOUT(r -> new ToRouter.Fanout(StanzaCodec.read(r), jids(r))),
    SETTLED(r -> new ToRouter.Settled(r.number(), r.bool())),
    ACCOUNT_REMOVED(r -> new ToRouter.AccountRemoved(r.jid())),
    SASL_CHALLENGE(r -> new ToConnector.SaslChallenge(r.number(), r.bytes())),
    SASL_SUCCESS(r -> new ToConnector.SaslSuccess(r.number(), r.jid(), r.bytes())),
    SASL_FAILURE(r -> new ToConnector.SaslFailure(r.number(), r.string(), r.string())),
    BOUND(r -> new ToConnector.Bound(r.number(), r.jid())),
    BIND_REFUSED(r -> new ToConnector.BindRefused(r.number(), stanzaError(r))),
    TO_CLIENT(r -> new ToConnector.ToClient(r.number(), StanzaCodec.read(r))),
    TO_CLIENTS(r -> new ToConnector.ToClients(StanzaCodec.read(r), numbers(r), jids(r))),
    HANDLED(r -> new ToConnector.Handled(r.number(), r.number())),
    END_STREAM(r -> new ToConnector.EndStream(r.number(), streamError(r)));

    private final Function<WireReader, WireMessage> reader;

    Type(Function<WireReader, WireMessage> reader) {
      this.reader = reader;
    }
  }

  /** Appends one message. */
  public static void write(WireWriter w, WireMessage message) {
    int at;
    if (message instanceof ToRouter toRouter) {
      at = begin(w, type(toRouter));
      fields(w, toRouter);
    } else {
      ToConnector toConnector = (ToConnector) message;
      at = begin(w, type(toConnector));
      fields(w, toConnector);
    }
    w.fillLength(at);
  }

  private static int begin(WireWriter w, Type type) {
    w.u8(type.ordinal());
    return w.reserveLength();
  }

  /**
   * Reads one message; null when its type is not known to this version.
   *
   * @throws WireFormatException when the bytes are malformed
   */
  public static WireMessage read(WireReader r) {
    int type = r.u8();
    WireReader fields = r.section();
    return type < TYPES.length ? TYPES[type].reader.apply(fields) : null;
  }

  private static Type type(ToRouter message) {
    if (message instanceof ToRouter.FromClient) {
      return Type.FROM_CLIENT;
    } else if (message instanceof ToRouter.Routed) {
      return Type.ROUTED;
    } else if (message instanceof ToRouter.Settled) {
      return Type.SETTLED;
    } else if (message instanceof ToRouter.Fanout) {
      return Type.FANOUT;
    } else if (message instanceof ToRouter.SaslStart) {
      return Type.SASL_START;
    } else if (message instanceof ToRouter.SaslResponse) {
      return Type.SASL_RESPONSE;
    } else if (message instanceof ToRouter.SaslAbort) {
      return Type.SASL_ABORT;
    } else if (message instanceof ToRouter.Bind) {
      return Type.BIND;
    } else if (message instanceof ToRouter.Registration) {
      return Type.REGISTRATION;
    } else if (message instanceof ToRouter.StreamEnded) {
      return Type.STREAM_ENDED;
    }
    return Type.ACCOUNT_REMOVED;
  }

  private static void fields(WireWriter w, ToRouter message) {
    if (message instanceof ToRouter.FromClient m) {
      w.jid(m.session());
      w.number(m.stream());
      w.number(m.counter());
      StanzaCodec.write(w, m.stanza());
    } else if (message instanceof ToRouter.Routed m) {
      StanzaCodec.write(w, m.stanza());
      w.number(m.ticket());
      w.string(m.origin() == null ? null : m.origin().node());
      w.number(m.origin() == null ? 0 : m.origin().loop());
    } else if (message instanceof ToRouter.Settled m) {
      w.number(m.ticket());
      w.bool(m.durable());
    } else if (message instanceof ToRouter.Fanout m) {
      StanzaCodec.write(w, m.presence());
      jids(w, m.recipients());
    } else if (message instanceof ToRouter.SaslStart m) {
      w.number(m.stream());
      w.string(m.domain());
      w.string(m.mechanism());
      w.bytes(m.initial());
      w.bool(m.encrypted());
      w.number(m.bindings().dataByType().size());
      m.bindings()
          .dataByType()
          .forEach(
              (type, data) -> {
                w.string(type);
                w.bytes(data);
              });
      w.string(m.peer());
    } else if (message instanceof ToRouter.SaslResponse m) {
      w.number(m.stream());
      w.bytes(m.response());
    } else if (message instanceof ToRouter.SaslAbort m) {
      w.number(m.stream());
    } else if (message instanceof ToRouter.Bind m) {
      w.number(m.stream());
      w.jid(m.account());
      w.string(m.resource());
      w.string(m.peer());
    } else if (message instanceof ToRouter.Registration m) {
      w.number(m.stream());
      w.string(m.domain());
      StanzaCodec.write(w, m.iq());
      w.string(m.peer());
    } else if (message instanceof ToRouter.StreamEnded m) {
      w.jid(m.session());
      w.number(m.stream());
      w.bool(m.orderly());
    } else if (message instanceof ToRouter.AccountRemoved m) {
      w.jid(m.account());
    }
  }

  private static Type type(ToConnector message) {
    if (message instanceof ToConnector.ToClient) {
      return Type.TO_CLIENT;
    } else if (message instanceof ToConnector.ToClients) {
      return Type.TO_CLIENTS;
    } else if (message instanceof ToConnector.Handled) {
      return Type.HANDLED;
    } else if (message instanceof ToConnector.SaslChallenge) {
      return Type.SASL_CHALLENGE;
    } else if (message instanceof ToConnector.SaslSuccess) {
      return Type.SASL_SUCCESS;
    } else if (message instanceof ToConnector.SaslFailure) {
      return Type.SASL_FAILURE;
    } else if (message instanceof ToConnector.Bound) {
      return Type.BOUND;
    } else if (message instanceof ToConnector.BindRefused) {
      return Type.BIND_REFUSED;
    }
    return Type.END_STREAM;
  }

  private static void fields(WireWriter w, ToConnector message) {
    if (message instanceof ToConnector.ToClient m) {
      w.number(m.stream());
      StanzaCodec.write(w, m.stanza());
    } else if (message instanceof ToConnector.ToClients m) {
      StanzaCodec.write(w, m.stanza());
      w.number(m.streams().length);
      for (long stream : m.streams()) {
        w.number(stream);
      }
      jids(w, m.addressees());
    } else if (message instanceof ToConnector.Handled m) {
      w.number(m.stream());
      w.number(m.counter());
    } else if (message instanceof ToConnector.SaslChallenge m) {
      w.number(m.stream());
      w.bytes(m.challenge());
    } else if (message instanceof ToConnector.SaslSuccess m) {
      w.number(m.stream());
      w.jid(m.account());
      w.bytes(m.additional());
    } else if (message instanceof ToConnector.SaslFailure m) {
      w.number(m.stream());
      w.string(m.condition());
      w.string(m.text());
    } else if (message instanceof ToConnector.Bound m) {
      w.number(m.stream());
      w.jid(m.session());
    } else if (message instanceof ToConnector.BindRefused m) {
      w.number(m.stream());
      StanzaError error = m.error();
      w.string(error.type().name());
      w.string(error.condition().name());
      w.string(error.text());
      w.string(error.application());
    } else if (message instanceof ToConnector.EndStream m) {
      w.number(m.stream());
      w.string(m.error().condition().name());
      w.string(m.error().text());
      w.string(m.error().application());
    }
  }

  private static ChannelBindings bindings(WireReader r) {
    Map<String, byte[]> dataByType = new LinkedHashMap<>();
    for (int i = r.count(2); i > 0; i--) {
      dataByType.put(r.string(), r.bytes());
    }
    return new ChannelBindings(dataByType);
  }

  private static LoopAddress address(WireReader r) {
    String node = r.string();
    int loop = (int) r.number();
    return node == null ? null : new LoopAddress(node, loop);
  }

  private static StanzaError stanzaError(WireReader r) {
    return new StanzaError(
        constant(StanzaError.Type.class, r.string(), StanzaError.Type.CANCEL),
        constant(
            StanzaError.Condition.class,
            r.string(),
            StanzaError.Condition.UNDEFINED_CONDITION),
        r.string(),
        r.string());
  }

  private static StreamError streamError(WireReader r) {
    return new StreamError(
        constant(
            StreamError.Condition.class,
            r.string(),
            StreamError.Condition.UNDEFINED_CONDITION),
        r.string(),
        r.string());
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String name, E unknown) {
    try {
      return Enum.valueOf(type, name);
    } catch (IllegalArgumentException e) {
      return unknown; // a newer node may know more conditions
    }
  }

  private static void jids(WireWriter w, Jid[] jids) {
    w.number(jids.length);
    for (Jid jid : jids) {
      w.jid(jid);
    }
  }

  private static Jid[] jids(WireReader r) {
    Jid[] jids = new Jid[r.count(1)];
    for (int i = 0; i < jids.length; i++) {
      jids[i] = r.jid();
    }
    return jids;
  }

  private static long[] numbers(WireReader r) {
    long[] numbers = new long[r.count(1)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = r.number();
    }
    return numbers;
  }
}
