package io.rookery.router.archive;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.SupportedXep;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.AccountKey;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqHandler;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.rookery.router.paging.PageRequest;
import io.rookery.router.session.LiveAccount;
import io.rookery.storage.StorageOverloadedException;
import io.rookery.storage.mailbox.ArchivePage;
import io.rookery.storage.mailbox.ArchiveQuery;
import io.rookery.storage.mailbox.MailboxEntry;
import io.rookery.storage.mailbox.Mailboxes;
import io.rookery.storage.mailbox.TooManyEntriesException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * XEP-0313: Message Archive Management, of accounts; what is in the archive decides {@link
 * io.rookery.router.mailbox.Archiving}. Only the user may ask. Where the archive is off it is not
 * announced, and questions are answered from what is there of times when it was on.
 */
public final class MessageArchive implements Extension {
  static final String NS = "urn:xmpp:mam:2";
  static final String FULL_TEXT = "urn:xmpp:fulltext:0";
  private static final String FORWARD = "urn:xmpp:forward:0";
  private static final String DELAY = "urn:xmpp:delay";

  private final Mailboxes mailboxes;

  /** A search reads much: an account has one at a time. */
  private static final AccountKey<AtomicBoolean> SEARCHING = new AccountKey<>(AtomicBoolean::new);

  private final ArchiveEnds ends;
  private final int searched;

  /**
   * @param searched messages that a search for text (XEP-0431) looks at in vain at most; 0 for no
   *     search
   */
  public MessageArchive(Mailboxes mailboxes, ArchiveEnds ends, int searched) {
    this.mailboxes = mailboxes;
    this.ends = ends;
    this.searched = searched;
  }

  @Override
  public Manifest manifest() {
    IqHandler forbidden =
        request -> Future.succeededFuture(IqReply.error(Condition.FORBIDDEN)); // section 8.1
    Manifest manifest = Manifest.of(313, "1.1.3", "Message Archive Management");
    if (ends.areKept()) {
      manifest.serverFeature(NS); // some clients ask only the server
    }
    return manifest
        .also(
            SupportedXep.complete(
                59, "1.0", "Result Set Management", "Without the count of all results"))
        .also(SupportedXep.complete(184, "1.4.0", "Message Delivery Receipts", "Archived"))
        .also(SupportedXep.complete(333, "1.0.0", "Displayed Markers", "Archived"))
        .also(
            SupportedXep.partial(
                424, "0.4.2", "Message Retraction", "Archived; what is retracted stays there"))
        .also(
            SupportedXep.complete(
                431,
                "0.2.0",
                "Full Text Search in MAM",
                "Off unless `router.archive-search` is set"))
        .accountFeature(FULL_TEXT, account -> searched > 0 && ends.has(account))
        .accountFeature(NS, ends::has)
        .accountFeature(NS + "#extended", ends::has)
        .accountFeature(NS + "#groupchat-field", ends::has)
        .iq(StanzaType.IQ_SET, NS, "query", IqTarget.OWN_ACCOUNT, this::query)
        .iq(StanzaType.IQ_GET, NS, "query", IqTarget.OWN_ACCOUNT, this::form)
        .iq(StanzaType.IQ_GET, NS, "metadata", IqTarget.OWN_ACCOUNT, this::metadata)
        .iq(StanzaType.IQ_SET, NS, "query", IqTarget.OTHER_ACCOUNT, forbidden)
        .iq(StanzaType.IQ_GET, NS, "query", IqTarget.OTHER_ACCOUNT, forbidden)
        .iq(StanzaType.IQ_GET, NS, "metadata", IqTarget.OTHER_ACCOUNT, forbidden);
  }

  private Future<IqReply> form(IqRequest request) {
    Element fields = searched > 0 ? QueryForm.searchableFields() : QueryForm.fields();
    Element query = Element.of(NS, "query").with(fields);
    return Future.succeededFuture(IqReply.result(query));
  }

  private Future<IqReply> query(IqRequest request) {
    ArchiveRequest read = QueryReader.read(request.query(), searched);
    if (read instanceof ArchiveRequest.Refused refused) {
      return Future.succeededFuture(IqReply.error(refused.condition()));
    }
    ArchiveRequest.Page wanted = (ArchiveRequest.Page) read;
    LiveAccount account = (LiveAccount) request.account();
    Future<Boolean> known =
        wanted.named().isEmpty()
            ? Future.succeededFuture(true)
            : mailboxes.areArchived(account.jid(), wanted.named());
    return known.compose(
        all ->
            all
                ? page(account, wanted.query())
                    .map(page -> reply(request, wanted, page))
                    .recover(MessageArchive::tooMuch)
                : Future.succeededFuture(IqReply.error(Condition.ITEM_NOT_FOUND)));
  }

  private Future<ArchivePage> page(LiveAccount account, ArchiveQuery query) {
    if (query.text() == null) {
      return ends.page(account, query);
    }
    AtomicBoolean searching = account.get(SEARCHING);
    if (searching.getAndSet(true)) {
      return Future.failedFuture(new StorageOverloadedException("searches of an account"));
    }
    return ends.page(account, query).onComplete(found -> searching.set(false));
  }

  private static Future<IqReply> tooMuch(Throwable failure) {
    return failure instanceof TooManyEntriesException
        ? Future.succeededFuture(IqReply.error(Condition.RESOURCE_CONSTRAINT))
        : Future.failedFuture(failure);
  }

  private static IqReply reply(IqRequest request, ArchiveRequest.Page wanted, ArchivePage page) {
    List<MailboxEntry> entries = wanted.none() ? List.of() : page.entries();
    boolean complete = page.complete() && entries.size() == page.entries().size();
    Element set =
        entries.isEmpty()
            ? PageRequest.described()
            : PageRequest.described(id(entries.get(0)), id(entries.get(entries.size() - 1)));
    Element fin = Element.of(NS, "fin").attribute("complete", complete ? "true" : null).with(set);
    List<Effect> results = new ArrayList<>(entries.size());
    for (MailboxEntry entry : entries) {
      results.add(new Effect.ToSession(request.from(), result(request, wanted.id(), entry)));
    }
    if (wanted.flipped()) {
      Collections.reverse(results);
    }
    return IqReply.result(fin).endOf(results);
  }

  private static Stanza result(IqRequest request, String queryId, MailboxEntry entry) {
    byte[] stanza = entry.stanza();
    Element forwarded =
        Element.of(FORWARD, "forwarded")
            .with(
                Element.of(DELAY, "delay").attribute("stamp", entry.time().toString()),
                Element.parse(stanza, 0, stanza.length, Namespaces.CLIENT));
    Element result =
        Element.of(NS, "result")
            .attribute("queryid", queryId)
            .attribute("id", id(entry))
            .with(forwarded);
    return Stanza.of(
        StanzaType.MESSAGE_NORMAL, request.account().jid(), request.from(), null, result);
  }

  private static String id(MailboxEntry entry) {
    return Long.toUnsignedString(entry.id());
  }

  /** Section 5. */
  private Future<IqReply> metadata(IqRequest request) {
    return ends.read((LiveAccount) request.account())
        .metadata()
        .map(IqReply::result)
        .recover(MessageArchive::tooMuch);
  }
}
