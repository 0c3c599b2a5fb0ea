package io.rookery.router.activity;

import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.rookery.router.extension.SessionView;
import io.rookery.storage.activity.LastActivities;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;

/** XEP-0012: Last Activity, of users who allow the asker their presence, and of the server. */
public final class LastActivityQueries implements Extension {
  static final String NS = "jabber:iq:last";

  private final LastActivities activities;
  private final Clock clock;
  private final Instant started;

  /**
   * @param started when the service did
   */
  public LastActivityQueries(LastActivities activities, Clock clock, Instant started) {
    this.activities = activities;
    this.clock = clock;
    this.started = started;
  }

  @Override
  public Manifest manifest() {
    return Manifest.of(12, "2.0", "Last Activity")
        .serverFeature(NS)
        .accountFeature(NS)
        .iq(StanzaType.IQ_GET, NS, "query", EnumSet.allOf(IqTarget.class), this::answer);
  }

  private Future<IqReply> answer(IqRequest request) {
    if (request.target() == IqTarget.SERVER) {
      return Future.succeededFuture(IqReply.result(since(started, "")));
    }
    if (request.target() == IqTarget.OTHER_ACCOUNT
        && !request.account().allowsPresenceTo(request.from())) {
      return Future.succeededFuture(IqReply.error(Condition.FORBIDDEN)); // section 4
    }
    if (request.account().sessions().stream().anyMatch(SessionView::isAvailable)) {
      return Future.succeededFuture(IqReply.result(since(clock.instant(), "")));
    }
    return activities
        .find(request.account().jid())
        .map(
            found ->
                found
                    .map(last -> IqReply.result(since(last.at(), last.status())))
                    .orElseGet(() -> IqReply.error(Condition.ITEM_NOT_FOUND)));
  }

  private Element since(Instant then, String status) {
    long seconds = Math.max(0, Duration.between(then, clock.instant()).toSeconds());
    Element query = Element.of(NS, "query").attribute("seconds", Long.toString(seconds));
    return status.isEmpty() ? query : query.text(status);
  }
}
