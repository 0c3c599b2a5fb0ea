package io.rookery.router.archive;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.SupportedXep;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqHandler;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.rookery.router.mailbox.Mailbox;
import io.rookery.router.paging.PageRequest;
import io.rookery.router.session.LiveAccount;
import io.rookery.storage.mailbox.ArchivePage;
import io.rookery.storage.mailbox.ArchiveQuery;
import io.rookery.storage.mailbox.MailboxEntry;
import io.rookery.storage.mailbox.Mailboxes;
import io.rookery.storage.mailbox.TooManyEntriesException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * XEP-0313: Message Archive Management, of accounts; what is in the archive decides {@link
 * io.rookery.router.mailbox.Archiving}. Only the user may ask. Where the archive is off it is not
 * announced, and questions are answered from what is there of times when it was on.
 */
public final class MessageArchive implements Extension {
  static final String NS = "urn:xmpp:mam:2";
  private static final String FORWARD = "urn:xmpp:forward:0";
  private static final String DELAY = "urn:xmpp:delay";

  private final Mailboxes mailboxes;
  private final Mailbox mailbox;
  private final Set<String> archivedDomains;

  public MessageArchive(Mailboxes mailboxes, Mailbox mailbox, Set<String> archivedDomains) {
    this.mailboxes = mailboxes;
    this.mailbox = mailbox;
    this.archivedDomains = Set.copyOf(archivedDomains);
  }

  @Override
  public Manifest manifest() {
    IqHandler forbidden =
        request -> Future.succeededFuture(IqReply.error(Condition.FORBIDDEN)); // section 8.1
    return Manifest.of(313, "1.1.3", "Message Archive Management")
        .also(
            SupportedXep.complete(
                59, "1.0", "Result Set Management", "Without the count of all results"))
        .accountFeature(NS, this::isArchived)
        .accountFeature(NS + "#extended", this::isArchived)
        .accountFeature(NS + "#groupchat-field", this::isArchived)
        .iq(StanzaType.IQ_SET, NS, "query", IqTarget.OWN_ACCOUNT, this::query)
        .iq(StanzaType.IQ_GET, NS, "query", IqTarget.OWN_ACCOUNT, this::form)
        .iq(StanzaType.IQ_GET, NS, "metadata", IqTarget.OWN_ACCOUNT, this::metadata)
        .iq(StanzaType.IQ_SET, NS, "query", IqTarget.OTHER_ACCOUNT, forbidden)
        .iq(StanzaType.IQ_GET, NS, "query", IqTarget.OTHER_ACCOUNT, forbidden)
        .iq(StanzaType.IQ_GET, NS, "metadata", IqTarget.OTHER_ACCOUNT, forbidden);
  }

  private boolean isArchived(Jid account) {
    return archivedDomains.contains(account.domain());
  }

  private Future<IqReply> form(IqRequest request) {
    Element query = Element.of(NS, "query").with(QueryForm.fields());
    return Future.succeededFuture(IqReply.result(query));
  }

  private Future<IqReply> query(IqRequest request) {
    ArchiveRequest read = QueryReader.read(request.query());
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

  /**
   * Only what was accepted before the question, and all of that: a client that goes on after the
   * last entry of a page must not miss one whose turn came earlier and which was written later.
   */
  private Future<ArchivePage> page(LiveAccount account, ArchiveQuery query) {
    long now = mailbox.nextId(account);
    ArchiveQuery settled =
        new ArchiveQuery(
            query.after(),
            Math.min(now, query.before()),
            query.with(),
            query.ids(),
            query.backwards(),
            query.limit());
    return account.allAppended().compose(v -> mailboxes.archive(account.jid(), settled));
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
    LiveAccount account = (LiveAccount) request.account();
    Future<ArchivePage> first = page(account, ArchiveQuery.all(false, 1));
    Future<ArchivePage> last = page(account, ArchiveQuery.all(true, 1));
    return Future.all(first, last)
        .map(
            both -> {
              Element metadata = Element.of(NS, "metadata");
              if (!first.result().entries().isEmpty() && !last.result().entries().isEmpty()) {
                metadata =
                    metadata.with(
                        position("start", first.result().entries().get(0)),
                        position("end", last.result().entries().get(0)));
              }
              return IqReply.result(metadata);
            })
        .recover(MessageArchive::tooMuch);
  }

  private static Element position(String name, MailboxEntry entry) {
    return Element.of(NS, name)
        .attribute("id", id(entry))
        .attribute("timestamp", entry.time().toString());
  }
}
