package io.rookery.router.routing;

import io.rookery.cluster.Bus;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.WireMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A bus that keeps what is sent. */
public final class RecordedBus implements Bus {

  /** A message on its way. */
  public record Sent(LoopAddress to, WireMessage message) {}

  private final LoopAddress self;
  private final List<Sent> sent = new ArrayList<>();
  private Consumer<WireMessage> answer = message -> {};

  public RecordedBus(LoopAddress self) {
    this.self = self;
  }

  @Override
  public LoopAddress self() {
    return self;
  }

  @Override
  public void send(LoopAddress to, WireMessage message) {
    sent.add(new Sent(to, message));
    answer.accept(message);
  }

  @Override
  public boolean congested() {
    return false;
  }

  /** Does something before {@link #send} returns, as a receiver on the same loop may. */
  public void onSend(Consumer<WireMessage> action) {
    answer = action;
  }

  /** What was sent since the last call. */
  public List<Sent> taken() {
    List<Sent> all = List.copyOf(sent);
    sent.clear();
    return all;
  }
}
