package io.rookery.router.extension;

import io.rookery.protocol.SupportedXep;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * An extension as data: service discovery, the list of supported XEPs and the dispatch tables all
 * come from here. Built with chained calls by the extension, then only read.
 */
public final class Manifest {

  /** A handler and the requests it is for. */
  public record IqRoute(
      StanzaType type, String namespace, String name, Set<IqTarget> targets, IqHandler handler) {}

  /** A handler and the requests to many accounts that it is for. */
  public record ManyAccountsRoute(
      StanzaType type, String namespace, String name, ManyAccountsHandler handler) {}

  /** A handler and the payload of the messages to the own account that it is for. */
  public record OwnMessageRoute(String namespace, String name, OwnMessageHandler handler) {}

  /** A hook and the stanzas it is for. */
  public record HookRoute(
      Flow flow,
      Phase phase,
      StanzaType.Kind kind,
      Predicate<AccountView> concerned,
      Predicate<Stanza> wanted,
      Hook hook) {}

  /** A handler and the element of a request to bind that it is for. */
  public record BindRoute(String feature, String namespace, String name, BindHandler handler) {}

  /** A handler and the nodes of the server's address that it answers for. */
  public record ServerNodes(Predicate<String> nodes, IqHandler handler) {}

  /** Of an entity, beside its usual one (XEP-0030, section 3.1). */
  public record Identity(String category, String type) {}

  private final String title;
  private final int xep;
  private final String version;
  private SupportedXep.Status status = SupportedXep.Status.COMPLETE;
  private String note = "";
  private final List<SupportedXep> further = new ArrayList<>();
  private final List<String> serverFeatures = new ArrayList<>();
  private final List<String> accountFeatures = new ArrayList<>();
  private final Map<String, Predicate<Jid>> someAccountsFeatures = new HashMap<>();
  private final List<Element> serverForms = new ArrayList<>();
  private final List<Identity> accountIdentities = new ArrayList<>();
  private final List<ServerNodes> serverNodes = new ArrayList<>();
  private IqHandler accountNodes;
  private final List<IqRoute> iqRoutes = new ArrayList<>();
  private final List<ManyAccountsRoute> manyAccountsRoutes = new ArrayList<>();
  private final List<OwnMessageRoute> ownMessageRoutes = new ArrayList<>();
  private final List<HookRoute> hookRoutes = new ArrayList<>();
  private final List<BindRoute> bindRoutes = new ArrayList<>();
  private final List<SessionKey<?>> keys = new ArrayList<>();

  private Manifest(int xep, String version, String title) {
    this.xep = xep;
    this.version = version;
    this.title = title;
  }

  /**
   * @param xep its number, 0 for a part of RFC 6120 or 6121
   * @param version of the text that is implemented
   */
  public static Manifest of(int xep, String version, String title) {
    return new Manifest(xep, version, title);
  }

  /** Something that whoever reads the list of what is supported should know. */
  public Manifest note(String text) {
    note = text;
    return this;
  }

  /** Not all of the XEP is there. */
  public Manifest partial(String missing) {
    status = SupportedXep.Status.PARTIAL;
    return note(missing);
  }

  /** Another XEP that is implemented by this extension. */
  public Manifest also(SupportedXep other) {
    further.add(other);
    return this;
  }

  /** A feature of the server's address (XEP-0030). */
  public Manifest serverFeature(String namespace) {
    serverFeatures.add(namespace);
    return this;
  }

  /** A feature of every account's bare address. */
  public Manifest accountFeature(String namespace) {
    accountFeatures.add(namespace);
    return this;
  }

  /** A feature of the bare address of some accounts. */
  public Manifest accountFeature(String namespace, Predicate<Jid> accounts) {
    someAccountsFeatures.put(namespace, accounts);
    return this;
  }

  /** A form in the server's disco#info (XEP-0128). */
  public Manifest serverForm(Element form) {
    serverForms.add(form);
    return this;
  }

  /**
   * Answers what is asked by disco#info and disco#items of these nodes of the server's address.
   * Does its own checks of who may see what.
   */
  public Manifest serverNodes(Predicate<String> nodes, IqHandler handler) {
    serverNodes.add(new ServerNodes(nodes, handler));
    return this;
  }

  /** A further identity of every account's bare address. */
  public Manifest accountIdentity(String category, String type) {
    accountIdentities.add(new Identity(category, type));
    return this;
  }

  /**
   * Answers what is asked by disco#items of an account, and by disco#info of a node of one. Does
   * its own checks of who may see what. One extension at most.
   */
  public Manifest accountNodes(IqHandler handler) {
    accountNodes = handler;
    return this;
  }

  /** Requests of this type, payload and target are answered by the handler. */
  public Manifest iq(
      StanzaType type, String namespace, String name, IqTarget target, IqHandler handler) {
    return iq(type, namespace, name, EnumSet.of(target), handler);
  }

  /** The same for several targets. */
  public Manifest iq(
      StanzaType type, String namespace, String name, Set<IqTarget> targets, IqHandler handler) {
    iqRoutes.add(new IqRoute(type, namespace, name, Set.copyOf(targets), handler));
    return this;
  }

  /**
   * Requests of this type and payload that were sent to many accounts together are answered for all
   * of them at once. One that comes to a single account, as while owners change, is answered by the
   * handler of {@link #iq} for it.
   */
  public Manifest iqToMany(
      StanzaType type, String namespace, String name, ManyAccountsHandler handler) {
    manyAccountsRoutes.add(new ManyAccountsRoute(type, namespace, name, handler));
    return this;
  }

  /** Messages of clients to their own account with this payload are shown to the handler. */
  public Manifest ownMessage(String namespace, String name, OwnMessageHandler handler) {
    ownMessageRoutes.add(new OwnMessageRoute(namespace, name, handler));
    return this;
  }

  /** Stanzas of this kind pass by the hook. */
  public Manifest hook(Flow flow, Phase phase, StanzaType.Kind kind, Hook hook) {
    return hook(flow, phase, kind, account -> true, hook);
  }

  /**
   * The same for some accounts only; stanzas of the others do not pay for the hook.
   *
   * @param concerned asked for every stanza, so as cheap as a look at a field
   */
  public Manifest hook(
      Flow flow, Phase phase, StanzaType.Kind kind, Predicate<AccountView> concerned, Hook hook) {
    hookRoutes.add(new HookRoute(flow, phase, kind, concerned, stanza -> true, hook));
    return this;
  }

  /** Stanzas with this element pass by the hook; others pay a look at their names. */
  public Manifest hook(
      Flow flow, Phase phase, StanzaType.Kind kind, String namespace, String name, Hook hook) {
    Predicate<Stanza> wanted = stanza -> stanza.payload().has(namespace, name);
    hookRoutes.add(new HookRoute(flow, phase, kind, account -> true, wanted, hook));
    return this;
  }

  /**
   * Something of this extension can be asked for by an element of the request that binds a session
   * (XEP-0386).
   *
   * @param feature as it is announced, one of {@link io.rookery.protocol.wire.BindRequest#FEATURES}
   */
  public Manifest onBind(String feature, String namespace, String name, BindHandler handler) {
    bindRoutes.add(new BindRoute(feature, namespace, name, handler));
    return this;
  }

  /** Session state of this extension. */
  public Manifest state(SessionKey<?> key) {
    keys.add(key);
    return this;
  }

  public int xep() {
    return xep;
  }

  public String version() {
    return version;
  }

  public String title() {
    return title;
  }

  /** All XEPs that this extension implements. */
  public List<SupportedXep> supported() {
    List<SupportedXep> all = new ArrayList<>(further);
    if (xep != 0) {
      all.add(new SupportedXep(xep, version, title, status, note));
    }
    return all;
  }

  public List<String> serverFeatures() {
    return Collections.unmodifiableList(serverFeatures);
  }

  /** Features of that account. */
  public List<String> accountFeatures(Jid account) {
    List<String> features = new ArrayList<>(accountFeatures);
    someAccountsFeatures.forEach(
        (namespace, accounts) -> {
          if (accounts.test(account)) {
            features.add(namespace);
          }
        });
    return features;
  }

  public List<Element> serverForms() {
    return Collections.unmodifiableList(serverForms);
  }

  public List<Identity> accountIdentities() {
    return Collections.unmodifiableList(accountIdentities);
  }

  public List<ServerNodes> serverNodes() {
    return Collections.unmodifiableList(serverNodes);
  }

  /** Null for none. */
  public IqHandler accountNodes() {
    return accountNodes;
  }

  public List<IqRoute> iqRoutes() {
    return Collections.unmodifiableList(iqRoutes);
  }

  public List<ManyAccountsRoute> manyAccountsRoutes() {
    return Collections.unmodifiableList(manyAccountsRoutes);
  }

  public List<OwnMessageRoute> ownMessageRoutes() {
    return Collections.unmodifiableList(ownMessageRoutes);
  }

  public List<HookRoute> hookRoutes() {
    return Collections.unmodifiableList(hookRoutes);
  }

  public List<BindRoute> bindRoutes() {
    return Collections.unmodifiableList(bindRoutes);
  }

  public List<SessionKey<?>> keys() {
    return Collections.unmodifiableList(keys);
  }
}
