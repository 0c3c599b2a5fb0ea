package io.rookery.bench.measure;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.rookery.bench.stream.Element;

/**
 * What every message carries in its text, so that its receiver can account for it: {@code
 * bench:RUN:FLOW:SEQUENCE:NANOS:} and padding.
 *
 * @param flow the sender or receiver the sequence belongs to
 * @param sequence counts the messages of the flow from 0
 * @param nanos when it was sent or should have been, in {@link System#nanoTime} terms
 */
public record MessageTag(int flow, int sequence, long nanos) {
  private static final String START = "bench:";

  /** The tags of one run; others are recognized as foreign. */
  public static final class Run {
    private final String prefix;
    private final byte[] prefixBytes;
    private final String padding;

    /**
     * @param size bytes of message text to fill up to
     */
    public Run(int id, int size) {
      prefix = START + String.format("%08x:", id);
      prefixBytes = prefix.getBytes(US_ASCII);
      padding = "xxxxxxx ".repeat(size / 8 + 1).substring(0, size);
    }

    /** Appends a tag and padding up to the run's message size. */
    public void append(StringBuilder out, int flow, int sequence, long nanos) {
      int from = out.length();
      out.append(prefix).append(flow).append(':').append(sequence).append(':');
      out.append(nanos).append(':');
      int used = out.length() - from;
      if (used < padding.length()) {
        out.append(padding, used, padding.length());
      }
    }

    /** The tag of a stanza, or null when it has none of this run. */
    public MessageTag find(Element stanza) {
      int at = stanza.indexOf(prefixBytes, stanza.start());
      return at < 0 ? null : parse(stanza, at + prefixBytes.length);
    }

    /** Whether the stanza has a tag of another run. */
    public boolean isForeign(Element stanza) {
      return !stanza.contains(prefix) && stanza.contains(START);
    }
  }

  private static MessageTag parse(Element stanza, int from) {
    long[] values = new long[3];
    int at = from;
    for (int i = 0; i < values.length; i++) {
      int digits = at;
      boolean negative = at < stanza.end() && stanza.bytes()[at] == '-';
      at = negative ? at + 1 : at;
      while (at < stanza.end() && stanza.bytes()[at] >= '0' && stanza.bytes()[at] <= '9') {
        values[i] = values[i] * 10 + stanza.bytes()[at++] - '0';
      }
      if (at == digits || at >= stanza.end() || stanza.bytes()[at] != ':') {
        return null;
      }
      values[i] = negative ? -values[i] : values[i];
      at++;
    }
    return new MessageTag((int) values[0], (int) values[1], values[2]);
  }
}
