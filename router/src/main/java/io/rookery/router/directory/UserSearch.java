package io.rookery.router.directory;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.command.Command;
import io.rookery.router.command.Stage;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.rookery.router.form.Field;
import io.rookery.router.form.Form;
import io.rookery.router.form.Submission;
import io.rookery.router.paging.Page;
import io.rookery.router.paging.PageRequest;
import io.rookery.storage.blocking.BlockList;
import io.rookery.storage.blocking.BlockLists;
import io.rookery.storage.directory.Directory;
import io.rookery.storage.directory.DirectoryEntry;
import io.rookery.storage.directory.DirectoryField;
import io.rookery.storage.directory.SearchTerm;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * XEP-0055: Jabber Search, by the users of a domain among those of them who want to be found. They
 * say so by a command; without it, nothing is told of anybody, however public his vCard is.
 */
public final class UserSearch implements Extension {
  static final String LISTING = "urn:rookery:directory#listing";

  /** Users of whom it is seen whether all of what is searched for is true. */
  private static final int MAX_CANDIDATES = 500;

  /** Users found, also on several pages; who has not found his looks for more of him. */
  static final int MAX_FOUND = 50;

  private static final StanzaError TOO_OFTEN =
      StanzaError.of(Condition.POLICY_VIOLATION, "too many searches, try again later")
          .withType(StanzaError.Type.WAIT);

  private final boolean enabled;
  private final Directory directory;
  private final DirectoryListing listing;
  private final BlockLists blockLists;
  private final Clock clock;

  public UserSearch(
      boolean enabled,
      Directory directory,
      DirectoryListing listing,
      BlockLists blockLists,
      Clock clock) {
    this.enabled = enabled;
    this.directory = directory;
    this.listing = listing;
    this.blockLists = blockLists;
    this.clock = clock;
  }

  @Override
  public Manifest manifest() {
    Manifest manifest =
        Manifest.of(55, "1.3", "Jabber Search")
            .note("Off by default. Of users of the own domain who want to be found");
    return enabled
        ? manifest
            .serverFeature(SearchForm.NS)
            .iq(StanzaType.IQ_GET, SearchForm.NS, "query", IqTarget.SERVER, this::fields)
            .iq(StanzaType.IQ_SET, SearchForm.NS, "query", IqTarget.SERVER, this::search)
        : manifest;
  }

  /** Its commands, in the order in which they are listed. */
  public List<Command> commands() {
    return enabled
        ? List.of(new Command(LISTING, "Be found in searches", user -> true, this::ask))
        : List.of();
  }

  /** Users of other domains would be harder to stop when they copy the directory. */
  private static boolean isOurs(IqRequest request) {
    return request.from().domain().equals(request.stanza().to().domain());
  }

  private Future<IqReply> fields(IqRequest request) {
    return Future.succeededFuture(
        isOurs(request) ? IqReply.result(SearchForm.blank()) : IqReply.error(Condition.FORBIDDEN));
  }

  private Future<IqReply> search(IqRequest request) {
    if (!isOurs(request)) {
      return error(StanzaError.of(Condition.FORBIDDEN));
    }
    List<SearchTerm> terms = SearchForm.read(request.query());
    PageRequest page = PageRequest.in(request.query(), MAX_FOUND, MAX_FOUND);
    if (terms == null || page.refusal() != null) {
      return error(StanzaError.of(terms == null ? Condition.BAD_REQUEST : page.refusal()));
    }
    if (terms.isEmpty()) {
      return error(StanzaError.of(Condition.NOT_ACCEPTABLE, "fill in at least one field"));
    }
    if (!request.account().get(SearchAllowance.KEY).take(clock.millis())) {
      return error(TOO_OFTEN);
    }
    return find(request.from(), terms).map(found -> answer(request.query(), found, page));
  }

  private static Future<IqReply> error(StanzaError error) {
    return Future.succeededFuture(IqReply.error(error));
  }

  /** Those who match, and do not block who searches. */
  private Future<List<DirectoryEntry>> find(Jid asker, List<SearchTerm> terms) {
    return directory
        .search(asker.domain(), narrowest(terms), MAX_CANDIDATES)
        .compose(directory::find)
        .map(
            entries ->
                entries.values().stream()
                    .filter(entry -> terms.stream().allMatch(term -> term.matches(entry)))
                    .sorted(Comparator.comparing(DirectoryEntry::owner))
                    .limit(MAX_FOUND)
                    .toList())
        .compose(found -> without(found, asker));
  }

  private static SearchTerm narrowest(List<SearchTerm> terms) {
    return terms.stream()
        .max(
            Comparator.comparing((SearchTerm term) -> term.field() == DirectoryField.EMAIL)
                .thenComparing(term -> term.key().length()))
        .orElseThrow();
  }

  private Future<List<DirectoryEntry>> without(List<DirectoryEntry> found, Jid blocked) {
    if (found.isEmpty()) {
      return Future.succeededFuture(found);
    }
    return blockLists
        .of(found.stream().map(DirectoryEntry::owner).toList())
        .map(lists -> found.stream().filter(entry -> !blocks(lists, entry, blocked)).toList());
  }

  private static boolean blocks(Map<Jid, BlockList> lists, DirectoryEntry entry, Jid other) {
    BlockList list = lists.get(entry.owner());
    return list != null && list.blocks(other) && !entry.owner().equals(other.bare());
  }

  /** XEP-0059: who asks for no page gets all. */
  private static IqReply answer(Element query, List<DirectoryEntry> found, PageRequest wanted) {
    Page page = Page.of(found.stream().map(entry -> entry.owner().toString()).toList(), wanted);
    if (page == null) {
      return IqReply.error(Condition.ITEM_NOT_FOUND);
    }
    List<DirectoryEntry> there =
        found.stream().filter(entry -> page.ids().contains(entry.owner().toString())).toList();
    Element answer = SearchForm.found(there, SearchForm.isForm(query));
    return IqReply.result(
        query.child(PageRequest.NS, "set") == null ? answer : answer.with(page.described()));
  }

  private Future<Stage> ask(IqRequest request, Submission none) {
    if (!isOurs(request)) {
      return Future.succeededFuture(
          Stage.Refused.with(Condition.NOT_ALLOWED, "ask your own server"));
    }
    return directory
        .find(request.from().bare())
        .map(found -> Stage.Ask.last(form(found.isPresent()), this::decide));
  }

  private static Form form(boolean isListed) {
    return new Form(
        null,
        "Be found in searches",
        (isListed ? "You can be found now." : "You cannot be found now.")
            + " Who can be is found by the user name, and by the names and e-mail addresses in"
            + " the vCard, if everybody may read it.",
        List.of(Field.optional("listed", Field.Kind.BOOLEAN, "Let others find me")));
  }

  private Future<Stage> decide(IqRequest request, Submission answers) {
    boolean listed = answers.flag("listed");
    return request
        .account()
        .inTurn(() -> listed ? listing.list(request.account()) : listing.unlist(request.account()))
        .map(
            v ->
                Stage.Done.saying(
                    listed ? "You can be found now." : "You cannot be found any more."));
  }
}
