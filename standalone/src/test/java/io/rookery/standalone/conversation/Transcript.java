package io.rookery.standalone.conversation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What every party of one conversation sent and received, for the message of a failed test. */
final class Transcript {
  private static final int LONGEST_LINE = 2_000;

  private final long start = System.nanoTime();
  private final List<String> lines = new ArrayList<>();

  void sent(String party, String xml) {
    add(party, "-->", xml);
  }

  void received(String party, String xml) {
    add(party, "<--", xml);
  }

  private synchronized void add(String party, String direction, String xml) {
    long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
    String shown =
        xml.length() <= LONGEST_LINE
            ? xml
            : xml.substring(0, LONGEST_LINE) + "… (" + xml.length() + " characters)";
    lines.add(String.format("%6d ms  %-18s %s %s", millis, party, direction, shown));
  }

  /** The failure to throw, with everything that was said until now. */
  synchronized AssertionError failure(String what) {
    return new AssertionError(what + "\n\nTranscript:\n" + String.join("\n", lines));
  }
}
