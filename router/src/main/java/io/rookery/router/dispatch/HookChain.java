package io.rookery.router.dispatch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.Flow;
import io.rookery.router.extension.Passage;
import io.rookery.router.extension.Phase;
import io.rookery.router.extension.SessionView;
import io.rookery.router.extension.Verdict;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leads stanzas past the hooks. */
public final class HookChain {
  private static final Logger LOG = LoggerFactory.getLogger(HookChain.class);

  private final Extensions extensions;
  private final BiFunction<AccountView, List<Effect>, Future<Void>> perform;
  private final Counter failures;

  /**
   * @param perform the one interpreter of effects
   */
  public HookChain(
      Extensions extensions,
      BiFunction<AccountView, List<Effect>, Future<Void>> perform,
      MeterRegistry meters) {
    this.extensions = extensions;
    this.perform = perform;
    this.failures =
        Counter.builder("rookery.hook.failures")
            .description("Hooks of extensions that threw")
            .register(meters);
  }

  /**
   * What goes on of a stanza, and the refusal when nothing does.
   *
   * @param stanza null when it stops here
   * @param refusal the error for the sender, null for silence
   * @param done completes when what the hooks want done is
   */
  public record Outcome(Stanza stanza, StanzaError refusal, Future<Void> done) {}

  /** True when no extension looks at such stanzas of the account: a plain message pays nothing. */
  public boolean isEmpty(Flow flow, Stanza stanza, AccountView account) {
    List<Extensions.PlacedHook> hooks = extensions.hooks(flow, stanza.kind());
    for (int i = 0; i < hooks.size(); i++) {
      if (hooks.get(i).takes(stanza, account)) {
        return false;
      }
    }
    return true;
  }

  /** True when nobody copies messages of the account. */
  public boolean copiesNothing(Flow flow, AccountView account) {
    List<Extensions.PlacedHook> hooks = extensions.copying(flow);
    for (int i = 0; i < hooks.size(); i++) {
      if (hooks.get(i).concerned().test(account)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Leads a stanza past all hooks for it, but for those that copy it.
   *
   * @param session the client that sent the stanza, null unless the flow is from a client
   */
  public Outcome see(Flow flow, Stanza stanza, AccountView account, SessionView session) {
    Stanza current = stanza;
    Future<Void> done = Future.succeededFuture();
    for (Extensions.PlacedHook placed : extensions.hooks(flow, stanza.kind())) {
      if (!placed.takes(current, account)) {
        continue;
      }
      Verdict verdict = ask(placed, new Passage(current, account, session, null));
      if (!verdict.effects().isEmpty()) {
        done = both(done, perform.apply(account, verdict.effects()));
      }
      if (verdict.stops()) {
        return new Outcome(null, verdict.refusal(), done);
      }
      if (verdict.stanza() != null) {
        current = verdict.stanza();
      }
    }
    return new Outcome(current, null, done);
  }

  private static Future<Void> both(Future<Void> one, Future<Void> other) {
    return other.succeeded() ? one : Future.join(one, other).mapEmpty();
  }

  /** Shows the hooks that copy a message what was done with it. */
  public void copy(Flow flow, Passage passage) {
    for (Extensions.PlacedHook placed : extensions.copying(flow)) {
      if (placed.takes(passage.stanza(), passage.account())) {
        perform.apply(passage.account(), ask(placed, passage).effects());
      }
    }
  }

  private Verdict ask(Extensions.PlacedHook placed, Passage passage) {
    try {
      return Objects.requireNonNull(placed.hook().see(passage), "a hook decides");
    } catch (RuntimeException e) {
      failures.increment();
      LOG.error(
          "bug: a hook of phase {} failed for {}", placed.phase(), passage.account().jid(), e);
      return placed.phase() == Phase.GUARD
          ? Verdict.refuse(StanzaError.Condition.INTERNAL_SERVER_ERROR)
          : Verdict.PASS;
    }
  }
}
