package io.rookery.bench.micro;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.wire.WireCodec;
import io.rookery.protocol.wire.WireMessage;
import io.rookery.protocol.wire.WireReader;
import io.rookery.protocol.wire.WireWriter;
import io.rookery.protocol.xml.Element;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a client's chat message costs between a connector and a router, on either side. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class WireCodecBenchmark {
  private static final Jid ROMEO = Jid.parse("romeo@montague.example/orchard");
  private static final ToRouter.FromClient MESSAGE =
      new ToRouter.FromClient(
          ROMEO,
          1234,
          567,
          Stanza.of(
              StanzaType.MESSAGE_CHAT,
              ROMEO,
              Jid.parse("juliet@capulet.example/balcony"),
              "a1b2c3d4",
              Element.of("jabber:client", "body", "Art thou not Romeo, and a Montague?"),
              Element.of("http://jabber.org/protocol/chatstates", "active")),
          false);

  private final WireWriter writer = new WireWriter(1024);
  private final byte[] written = written();

  private static byte[] written() {
    WireWriter w = new WireWriter(1024);
    WireCodec.write(w, MESSAGE);
    return w.toByteArray();
  }

  @Benchmark
  public int write() {
    writer.reset();
    WireCodec.write(writer, MESSAGE);
    return writer.length();
  }

  @Benchmark
  public WireMessage read() {
    return WireCodec.read(new WireReader(written, 0, written.length));
  }
}
