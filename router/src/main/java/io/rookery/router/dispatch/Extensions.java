package io.rookery.router.dispatch;

import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.BindRequest;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.BindHandler;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.Flow;
import io.rookery.router.extension.Hook;
import io.rookery.router.extension.IqHandler;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.rookery.router.extension.ManyAccountsHandler;
import io.rookery.router.extension.Phase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The dispatch tables of all extensions. Built once at start, where two handlers for one route
 * fail; then only read, by every loop.
 */
public final class Extensions {

  /** A hook in its place. */
  public record PlacedHook(
      Phase phase, Predicate<AccountView> concerned, Predicate<Stanza> wanted, Hook hook) {

    /** Whether the stanza of the account is for the hook. */
    boolean takes(Stanza stanza, AccountView account) {
      return wanted.test(stanza) && concerned.test(account);
    }
  }

  private record IqKey(StanzaType type, String namespace, String name, IqTarget target) {}

  private record ManyKey(StanzaType type, String namespace, String name) {}

  private record BindKey(String namespace, String name) {}

  private static final List<PlacedHook> NO_HOOKS = List.of();

  private final List<Manifest> manifests;
  private final Map<IqKey, IqHandler> iqs = new HashMap<>();
  private final Map<ManyKey, ManyAccountsHandler> many = new HashMap<>();
  private final List<Manifest.OwnMessageRoute> ownMessages;
  private final List<List<PlacedHook>> hooks = new ArrayList<>();
  private final List<List<PlacedHook>> copying = new ArrayList<>();
  private final Map<BindKey, BindHandler> binds = new HashMap<>();

  /**
   * @throws IllegalArgumentException when two extensions claim the same request, one wants to copy
   *     what is no message, or one takes part in binding that connectors do not announce
   */
  public Extensions(List<Extension> extensions) {
    manifests = extensions.stream().map(Extension::manifest).toList();
    ownMessages = manifests.stream().flatMap(m -> m.ownMessageRoutes().stream()).toList();
    for (Manifest manifest : manifests) {
      for (Manifest.IqRoute route : manifest.iqRoutes()) {
        for (IqTarget target : route.targets()) {
          IqKey key = new IqKey(route.type(), route.namespace(), route.name(), target);
          if (iqs.put(key, route.handler()) != null) {
            throw new IllegalArgumentException("two handlers for " + key);
          }
        }
      }
      manifest.manyAccountsRoutes().forEach(this::add);
      manifest.bindRoutes().forEach(this::add);
    }
    for (Flow flow : Flow.values()) {
      for (StanzaType.Kind kind : StanzaType.Kind.values()) {
        hooks.add(collect(flow, kind, false));
        if (kind != StanzaType.Kind.MESSAGE && !collect(flow, kind, true).isEmpty()) {
          throw new IllegalArgumentException("only messages are copied, not " + kind);
        }
      }
      copying.add(collect(flow, StanzaType.Kind.MESSAGE, true));
    }
  }

  private void add(Manifest.ManyAccountsRoute route) {
    ManyKey key = new ManyKey(route.type(), route.namespace(), route.name());
    if (many.put(key, route.handler()) != null) {
      throw new IllegalArgumentException("two handlers for " + key);
    }
  }

  private void add(Manifest.BindRoute route) {
    if (!BindRequest.FEATURES.contains(route.feature())) {
      throw new IllegalArgumentException(route.feature() + " is not announced");
    }
    if (binds.put(new BindKey(route.namespace(), route.name()), route.handler()) != null) {
      throw new IllegalArgumentException("two handlers of bind for " + route);
    }
  }

  /** The handler of an element in a request to bind (XEP-0386), or null. */
  public BindHandler bindHandler(Element request) {
    return binds.get(new BindKey(request.namespace(), request.name()));
  }

  private List<PlacedHook> collect(Flow flow, StanzaType.Kind kind, boolean copies) {
    return manifests.stream()
        .flatMap(manifest -> manifest.hookRoutes().stream())
        .filter(route -> route.flow() == flow && route.kind() == kind)
        .filter(route -> copies == (route.phase() == Phase.FANOUT))
        .map(
            route -> new PlacedHook(route.phase(), route.concerned(), route.wanted(), route.hook()))
        .sorted(Comparator.comparing(PlacedHook::phase))
        .toList();
  }

  public List<Manifest> manifests() {
    return manifests;
  }

  /** The handler of a request, or null. */
  public IqHandler handler(StanzaType type, String namespace, String name, IqTarget target) {
    return iqs.get(new IqKey(type, namespace, name, target));
  }

  /** The handler of a request to many accounts, or null. */
  public ManyAccountsHandler manyAccountsHandler(StanzaType type, String namespace, String name) {
    return many.get(new ManyKey(type, namespace, name));
  }

  /** Those who take what clients tell their own account; few. */
  public List<Manifest.OwnMessageRoute> ownMessageRoutes() {
    return ownMessages;
  }

  /** The hooks before anything is done with stanzas of a kind, in their order; mostly none. */
  public List<PlacedHook> hooks(Flow flow, StanzaType.Kind kind) {
    List<PlacedHook> placed = hooks.get(flow.ordinal() * 3 + kind.ordinal());
    return placed.isEmpty() ? NO_HOOKS : placed;
  }

  /** The hooks after something has been done with messages. */
  public List<PlacedHook> copying(Flow flow) {
    return copying.get(flow.ordinal());
  }
}
