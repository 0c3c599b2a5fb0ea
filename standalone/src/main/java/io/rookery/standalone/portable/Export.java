package io.rookery.standalone.portable;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.xml.Element;
import io.rookery.router.pubsub.PortableNodes;
import io.rookery.storage.mailbox.ArchivePage;
import io.rookery.storage.mailbox.ArchiveQuery;
import io.rookery.storage.mailbox.MailboxEntry;
import io.rookery.storage.mailbox.Mailboxes.OfflineState;
import io.rookery.storage.pubsub.StoredItem;
import io.rookery.storage.pubsub.StoredNode;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * XEP-0227: Portable Import/Export Format for XMPP-IM Servers, version 1.1: writes accounts, page
 * by page. Of accounts that are in use meanwhile it is what the database had at some time of it.
 */
public final class Export {
  private static final int PAGE = 200;

  /** Accounts that are read before their turn. */
  private static final int AHEAD = 8;

  private final AccountStores stores;
  private final PortableNodes nodes;
  private final Selection selection;
  private final boolean withArchive;
  private final Progress progress;
  private long accounts;

  public Export(
      AccountStores stores,
      PortableNodes nodes,
      Selection selection,
      boolean withArchive,
      Progress progress) {
    this.stores = stores;
    this.nodes = nodes;
    this.selection = selection;
    this.withArchive = withArchive;
    this.progress = progress;
  }

  /**
   * Writes to a file that does not exist, or into a directory without an export. Blocking.
   *
   * @param domains served, those which are not wanted included
   * @return accounts
   */
  public long run(Path output, Collection<String> domains)
      throws TransferException, InterruptedException {
    long total = 0;
    for (String domain : domains) {
      total += count(domain);
    }
    progress.begin("Exporting", total, () -> accounts);
    try (PieOutput out = open(output)) {
      for (String domain : domains) {
        if (selection.wantsAnyOf(domain)) {
          host(out, domain);
        }
      }
      out.complete();
    } catch (IOException e) {
      throw new TransferException(output + " cannot be written: " + e, e);
    } finally {
      progress.clear();
    }
    return accounts;
  }

  private static PieOutput open(Path output) throws IOException, TransferException {
    if (!Files.exists(output)) {
      return PieSingleFile.create(output);
    }
    if (!Files.isDirectory(output)) {
      throw new TransferException(output + " exists");
    }
    try (Stream<Path> files = Files.list(output)) {
      if (files.anyMatch(file -> file.getFileName().toString().endsWith(".xml"))) {
        throw new TransferException("there are files in " + output);
      }
    }
    return PieDirectory.create(output);
  }

  private long count(String domain) throws TransferException, InterruptedException {
    if (!selection.wantsAllOf(domain)) {
      return selection.usersOf(domain).size();
    }
    long count = 0;
    for (List<Jid> page = page(domain, null); !page.isEmpty(); page = page(domain, last(page))) {
      count += page.size();
    }
    return count;
  }

  private List<Jid> page(String domain, Jid after) throws TransferException, InterruptedException {
    return read(() -> stores.accounts().list(domain, after, PAGE));
  }

  private static <T> T last(List<T> page) {
    return page.get(page.size() - 1);
  }

  private void host(PieOutput out, String domain)
      throws IOException, TransferException, InterruptedException {
    out.beginHost(domain);
    if (selection.wantsAllOf(domain)) {
      for (List<Jid> page = page(domain, null); !page.isEmpty(); page = page(domain, last(page))) {
        users(out, page);
      }
    } else {
      users(out, new ArrayList<>(selection.usersOf(domain)));
    }
    out.endHost();
  }

  private void users(PieOutput out, List<Jid> page)
      throws IOException, TransferException, InterruptedException {
    ArrayDeque<Future<Departure>> ahead = new ArrayDeque<>();
    for (int i = 0; i < page.size() + AHEAD; i++) {
      if (i < page.size()) {
        Jid jid = page.get(i);
        ahead.add(Window.persistently(() -> Departure.read(stores, jid)));
      }
      if (i >= AHEAD && !ahead.isEmpty()) {
        user(out, await(ahead.remove()));
      }
    }
  }

  private void user(PieOutput out, Departure departure)
      throws IOException, TransferException, InterruptedException {
    if (departure.account().isEmpty()) {
      if (selection.users().contains(departure.jid())) {
        throw new TransferException("no such account: " + departure.jid());
      }
      return; // removed since it was listed
    }
    PieFile file = out.beginUser(departure.jid().local());
    for (Element element : departure.elements()) {
      file.element(element, Names.PIE);
    }
    nodes(file, departure);
    waiting(file, departure.jid());
    if (withArchive) {
      archive(file, departure.jid());
    }
    out.endUser();
    accounts++;
    progress.piece();
  }

  private void nodes(PieFile file, Departure departure)
      throws IOException, TransferException, InterruptedException {
    if (departure.nodes().isEmpty()) {
      return;
    }
    file.start("pubsub", "xmlns", Names.PUBSUB_OWNER);
    for (StoredNode node : departure.nodes()) {
      file.element(nodes.configure(node), Names.PUBSUB_OWNER);
      if (!node.affiliations().isEmpty()) {
        file.element(nodes.affiliations(node), Names.PUBSUB_OWNER);
      }
    }
    file.end("pubsub");
    file.start("pubsub", "xmlns", Names.PUBSUB);
    for (StoredNode node : departure.nodes()) {
      items(file, departure.jid(), node);
    }
    file.end("pubsub");
  }

  private void items(PieFile file, Jid owner, StoredNode node)
      throws IOException, TransferException, InterruptedException {
    file.start("items", "node", node.name());
    for (StoredItem item : read(() -> stores.personalNodes().items(owner, node.name()))) {
      file.element(element(owner, item), Names.PUBSUB);
      progress.piece();
    }
    file.end("items");
  }

  private static Element element(Jid owner, StoredItem item) {
    byte[] payload = item.payload();
    Element element =
        Element.of(Names.PUBSUB, "item")
            .attribute("id", item.id())
            .attribute(
                "publisher", item.publisher().equals(owner) ? null : item.publisher().toString());
    return payload.length == 0
        ? element
        : element.with(Element.parse(payload, 0, payload.length, ""));
  }

  private void waiting(PieFile file, Jid user)
      throws IOException, TransferException, InterruptedException {
    OfflineState state = read(() -> stores.mailboxes().offlineState(user));
    if (!state.mayHaveMore()) {
      return;
    }
    file.start("offline-messages");
    long position = state.cursor();
    List<MailboxEntry> page;
    do {
      long after = position;
      page = read(() -> stores.mailboxes().read(user, after, PAGE));
      for (MailboxEntry entry : page) {
        position = entry.id();
        if (entry.offline() && !entry.outgoing()) {
          file.element(PortableMessage.waiting(entry), Names.PIE);
          progress.piece();
        }
      }
    } while (page.size() == PAGE);
    file.end("offline-messages");
  }

  private void archive(PieFile file, Jid user)
      throws IOException, TransferException, InterruptedException {
    file.start("archive", "xmlns", Names.ARCHIVE);
    long position = 0;
    ArchivePage page;
    do {
      ArchiveQuery query = new ArchiveQuery(position, Long.MAX_VALUE, null, null, false, PAGE);
      page = read(() -> stores.mailboxes().archive(user, query));
      for (MailboxEntry entry : page.entries()) {
        position = entry.id();
        file.element(PortableMessage.archived(entry), Names.ARCHIVE);
        progress.piece();
      }
    } while (!page.complete() && !page.entries().isEmpty());
    file.end("archive");
  }

  private static <T> T read(Supplier<Future<T>> request)
      throws TransferException, InterruptedException {
    return await(Window.persistently(request));
  }

  private static <T> T await(Future<T> future) throws TransferException, InterruptedException {
    try {
      return future.toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw new DatabaseException(e.getCause());
    }
  }
}
