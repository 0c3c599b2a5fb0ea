package io.rookery.standalone.portable;

import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.xml.Element;

/** The accounts of files, one after the other, on their way to where they go. */
final class Arrivals implements Reception {
  private final Selection selection;
  private final ImportSettings settings;
  private final AccountStores stores;
  private final Destinations destinations;
  private final Notices notices;
  private final Progress progress;
  private final long limit;
  private Arrival arrival;
  private long accounts;
  private long invalid;
  private long withoutCredentials;

  /** Where accounts go. */
  interface Destinations {
    Destination of(Jid account) throws TransferException, InterruptedException;
  }

  /**
   * @param limit accounts; what comes after them is not wanted
   */
  Arrivals(
      Selection selection,
      ImportSettings settings,
      AccountStores stores,
      Destinations destinations,
      Notices notices,
      Progress progress,
      long limit) {
    this.selection = selection;
    this.settings = settings;
    this.stores = stores;
    this.destinations = destinations;
    this.notices = notices;
    this.progress = progress;
    this.limit = limit;
  }

  @Override
  public boolean host(String host, Where where) throws TransferException {
    String domain;
    try {
      domain = Jid.parse(host).domain();
    } catch (InvalidJidException e) {
      throw new TransferException(where + ": not a domain: " + host, e);
    }
    if (!selection.wantsAnyOf(domain)) {
      return false;
    }
    if (!settings.domains().contains(domain)) {
      throw new TransferException(
          where + ": not a domain served here: " + domain + "; choose others with --domain");
    }
    return true;
  }

  @Override
  public boolean begin(String host, String name, String password, Where where)
      throws TransferException, InterruptedException {
    Jid account;
    try {
      account = Jid.of(name, Jid.parse(host).domain(), null);
    } catch (InvalidJidException e) {
      notices.leftOut("the account " + name + "@" + host + ": " + e.getMessage(), where);
      invalid++;
      return false;
    }
    if (accounts == limit || !selection.wants(account)) {
      return false;
    }
    arrival = new Arrival(account, password, settings, stores, destinations.of(account));
    return true;
  }

  @Override
  public void take(Part part, String node, Element element, Where where)
      throws TransferException, InterruptedException {
    String leftOut;
    try {
      leftOut = arrival.take(part, node, element);
    } catch (DatabaseException e) {
      throw e;
    } catch (TransferException e) {
      throw new TransferException(where + ": " + e.getMessage(), e);
    }
    if (leftOut != null) {
      notices.leftOut(leftOut, where);
    }
    progress.piece();
  }

  @Override
  public void leftOut(String what, Where where) {
    notices.leftOut(what, where);
  }

  @Override
  public void end() throws TransferException, InterruptedException {
    arrival.end();
    withoutCredentials += arrival.hasCredentials() ? 0 : 1;
    arrival = null;
    accounts++;
    progress.piece();
  }

  /** Read to their ends. */
  long accounts() {
    return accounts;
  }

  /** Whose names are none. */
  long invalid() {
    return invalid;
  }

  long withoutCredentials() {
    return withoutCredentials;
  }
}
