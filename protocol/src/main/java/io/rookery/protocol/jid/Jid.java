package io.rookery.protocol.jid;

import java.util.Objects;

/**
 * An XMPP address (RFC 7622): {@code [local@]domain[/resource]}, prepared and enforced, so that
 * equal addresses are equal objects. Each part has at most 1023 bytes of UTF-8.
 */
public final class Jid implements Comparable<Jid> {
  private final String local;
  private final String domain;
  private final String resource;
  private final Jid bare;
  private final int hash;
  private String text;

  private Jid(String local, String domain, String resource, Jid bare) {
    this.local = local;
    this.domain = domain;
    this.resource = resource;
    this.bare = bare;
    this.hash =
        (bare != null ? bare.hash : domain.hashCode() * 31 + local.hashCode()) * 31
            + resource.hashCode();
  }

  /**
   * Parses an address (RFC 7622, section 3.1).
   *
   * @throws InvalidJidException when a part is empty, too long or has a character it may not have
   */
  public static Jid parse(String text) {
    int slash = text.indexOf('/');
    String rest = slash < 0 ? text : text.substring(0, slash);
    int at = rest.indexOf('@');
    String local = at < 0 ? null : rest.substring(0, at);
    String resource = slash < 0 ? null : text.substring(slash + 1);
    return of(local, rest.substring(at + 1), resource);
  }

  /**
   * Builds an address from its parts; {@code local} and {@code resource} may be null.
   *
   * @throws InvalidJidException as {@link #parse}
   */
  public static Jid of(String local, String domain, String resource) {
    String preparedLocal = local == null ? "" : JidParts.local(local);
    Jid bare = new Jid(preparedLocal, JidParts.domain(domain), "", null);
    return resource == null ? bare : bare.withPrepared(JidParts.resource(resource));
  }

  /** The same account with another resource. */
  public Jid withResource(String newResource) {
    return bare().withPrepared(JidParts.resource(newResource));
  }

  private Jid withPrepared(String prepared) {
    return new Jid(local, domain, prepared, this);
  }

  /** The localpart, empty when there is none. */
  public String local() {
    return local;
  }

  public String domain() {
    return domain;
  }

  /** The resourcepart, empty when there is none. */
  public String resource() {
    return resource;
  }

  public boolean isBare() {
    return bare == null;
  }

  public boolean isFull() {
    return bare != null;
  }

  /** True for a server's or service's own address: no localpart. */
  public boolean isDomain() {
    return local.isEmpty();
  }

  /** This address without its resource; no allocation. */
  public Jid bare() {
    return bare == null ? this : bare;
  }

  /** The address of the domain itself. */
  public Jid domainJid() {
    return local.isEmpty() && bare == null ? this : new Jid("", domain, "", null);
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || other instanceof Jid that
            && hash == that.hash
            && local.equals(that.local)
            && domain.equals(that.domain)
            && resource.equals(that.resource);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public int compareTo(Jid other) {
    return Objects.compare(toString(), other.toString(), String::compareTo);
  }

  @Override
  public String toString() {
    String t = text;
    if (t == null) {
      if (bare != null) {
        t = bare + "/" + resource;
      } else {
        t = local.isEmpty() ? domain : local + "@" + domain;
      }
      text = t;
    }
    return t;
  }
}
