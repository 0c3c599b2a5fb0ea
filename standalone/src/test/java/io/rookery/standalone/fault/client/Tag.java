package io.rookery.standalone.fault.client;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What every message says in its body, so that its reception can be entered in the ledger.
 *
 * @param run which ledger
 * @param flow number of the sender, whose messages all go to one recipient
 * @param sequence counts the messages of the flow in this run from 0
 * @param sentMillis when it was sent first, since 1970
 */
public record Tag(long run, int flow, int sequence, long sentMillis) {
  private static final Pattern FORM = Pattern.compile("fault:([0-9]+):([0-9]+):([0-9]+):([0-9]+)");

  String body() {
    return "fault:" + run + ":" + flow + ":" + sequence + ":" + sentMillis;
  }

  /** The message's {@code id} and {@code origin-id}: stays the same when it is sent again. */
  String id() {
    return run + "-" + flow + "-" + sequence;
  }

  /** The first tag in a text, such as a body or a whole stanza. */
  public static Optional<Tag> find(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.find()
        ? Optional.of(
            new Tag(
                Long.parseLong(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)),
                Long.parseLong(matcher.group(4))))
        : Optional.empty();
  }
}
