package io.rookery.router.blocking;

import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.Flow;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.rookery.router.extension.Phase;
import io.rookery.router.extension.SessionKey;
import io.rookery.router.extension.SessionView;
import io.rookery.router.session.LiveAccount;
import io.rookery.storage.blocking.BlockList;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * XEP-0191: Blocking Command. The list is in memory with the account, so that {@link BlockGuard}
 * decides without a read. Blocking is polite: subscriptions stay as they are.
 */
public final class BlockingCommand implements Extension {
  static final String NS = "urn:xmpp:blocking";

  /** The client has asked for the list and is told of its changes. */
  static final SessionKey<Boolean> REQUESTED = SessionKey.flag("blocklist");

  /** Addresses that one user blocks. */
  public static final int MAX_ADDRESSES = 1000;

  private final BlockListChanges changes;
  private final AbuseReports reports;
  private final Supplier<String> ids;

  /**
   * @param ids for pushes
   */
  public BlockingCommand(BlockListChanges changes, AbuseReports reports, Supplier<String> ids) {
    this.changes = changes;
    this.reports = reports;
    this.ids = ids;
  }

  @Override
  public Manifest manifest() {
    Manifest manifest =
        Manifest.of(191, "1.3", "Blocking Command")
            .serverFeature(NS)
            .state(REQUESTED)
            .iq(StanzaType.IQ_GET, NS, "blocklist", IqTarget.OWN_ACCOUNT, BlockingCommand::list)
            .iq(StanzaType.IQ_SET, NS, "block", IqTarget.OWN_ACCOUNT, this::block)
            .iq(StanzaType.IQ_SET, NS, "unblock", IqTarget.OWN_ACCOUNT, this::unblock);
    for (StanzaType.Kind kind : StanzaType.Kind.values()) {
      manifest
          .hook(
              Flow.FROM_CLIENT, Phase.GUARD, kind, BlockGuard::blocksAnybody, BlockGuard::outgoing)
          .hook(
              Flow.TO_ACCOUNT, Phase.GUARD, kind, BlockGuard::blocksAnybody, BlockGuard::incoming);
    }
    return manifest;
  }

  /** Section 3.2. */
  private static Future<IqReply> list(IqRequest request) {
    BlockList list = request.account().blockList();
    Element reply =
        list == null
            ? Element.of(NS, "blocklist")
            : element("blocklist", list.addresses().stream().sorted().toList());
    return Future.succeededFuture(
        IqReply.result(reply)
            .with(new Effect.SetState<>(request.session().jid(), REQUESTED, true)));
  }

  /** Section 3.3. */
  private Future<IqReply> block(IqRequest request) {
    LiveAccount account = (LiveAccount) request.account();
    Set<Jid> addresses = new LinkedHashSet<>();
    Condition wrong = read(request.query(), addresses);
    if (wrong != null || addresses.isEmpty()) {
      return refused(wrong == null ? Condition.BAD_REQUEST : wrong);
    }
    BlockList before = BlockListChanges.of(account);
    BlockList after = before.with(addresses);
    if (after.addresses().size() > MAX_ADDRESSES) {
      return refused(Condition.RESOURCE_CONSTRAINT);
    }
    reports.file(account.jid(), request.query());
    return changes
        .replace(account, after)
        .map(
            done -> {
              List<Effect> effects = pushes(account, element("block", addresses));
              effects.addAll(Visibility.leave(account, before, after));
              return IqReply.result().with(effects.toArray(new Effect[0]));
            });
  }

  /** Sections 3.4 and 3.5. */
  private Future<IqReply> unblock(IqRequest request) {
    LiveAccount account = (LiveAccount) request.account();
    Set<Jid> addresses = new LinkedHashSet<>();
    Condition wrong = read(request.query(), addresses);
    boolean all = request.query().children().isEmpty();
    if (wrong != null || addresses.isEmpty() && !all) {
      return refused(wrong == null ? Condition.BAD_REQUEST : wrong);
    }
    BlockList before = BlockListChanges.of(account);
    BlockList after = all ? BlockList.NOBODY : before.without(addresses);
    return changes
        .replace(account, after)
        .map(
            done -> {
              List<Effect> effects = pushes(account, element("unblock", addresses));
              effects.addAll(Visibility.comeBack(account, before, after));
              return IqReply.result().with(effects.toArray(new Effect[0]));
            });
  }

  private static Future<IqReply> refused(Condition condition) {
    return Future.succeededFuture(IqReply.error(condition));
  }

  /**
   * Reads the items of a command.
   *
   * @return what is wrong with them, or null
   */
  private static Condition read(Element command, Set<Jid> into) {
    for (Element item : command.children(NS, "item")) {
      String address = item.attribute("jid");
      if (address == null) {
        return Condition.BAD_REQUEST;
      }
      try {
        into.add(Jid.parse(address));
      } catch (InvalidJidException e) {
        return Condition.JID_MALFORMED;
      }
    }
    return null;
  }

  private List<Effect> pushes(LiveAccount account, Element change) {
    List<Effect> pushes = new ArrayList<>();
    for (SessionView session : account.sessions()) {
      if (session.get(REQUESTED)) {
        Stanza push = Stanza.of(StanzaType.IQ_SET, null, session.jid(), ids.get(), change);
        pushes.add(new Effect.ToSession(session.jid(), push));
      }
    }
    return pushes;
  }

  private static Element element(String name, Iterable<Jid> addresses) {
    List<Element> items = new ArrayList<>();
    addresses.forEach(jid -> items.add(Element.of(NS, "item").attribute("jid", jid.toString())));
    return Element.of(NS, name).with(items);
  }
}
