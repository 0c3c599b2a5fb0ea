package io.rookery.bench.micro;

import io.rookery.protocol.jid.Jid;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What reading an address costs: the plain ASCII kind, and those that need PRECIS and IDNA. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class JidBenchmark {
  /** The address to read. */
  @Param({"romeo@montague.example/balcony", "Romeo@Montague.example", "jürgen@bücher.example/büro"})
  public String text;

  @Benchmark
  public Jid parse() {
    return Jid.parse(text);
  }
}
