package io.rookery.protocol.xml;

import io.rookery.protocol.stream.StreamError.Condition;
import io.rookery.protocol.stream.StreamException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes down what a reader reports; elements as canonical XML with their index. */
class Recorder implements XmlStreamReader.Listener {
  static final XmlLimits WIDE = new XmlLimits(1 << 20, 64, 64);

  final List<String> events = new ArrayList<>();
  final List<RawElement> elements = new ArrayList<>();
  final List<StreamHeader> headers = new ArrayList<>();
  Condition error;
  String errorText;

  @Override
  public boolean streamOpened(StreamHeader header) {
    headers.add(header);
    events.add("open " + header);
    return true;
  }

  @Override
  public boolean element(RawElement e) {
    elements.add(e);
    StringBuilder children = new StringBuilder();
    for (int i = 0; i < e.childCount(); i++) {
      children.append(" {").append(e.childNamespace(i)).append('}').append(e.childName(i));
      children.append('@').append(e.childStart(i) - e.start());
      children.append('-').append(e.childEnd(i) - e.start());
    }
    events.add("element " + e + " is " + e.toElement() + " children" + children);
    return true;
  }

  @Override
  public void streamClosed() {
    events.add("close");
  }

  /** Feeds copies of pieces that end at the given cuts; an error is the last event. */
  static Recorder read(XmlStreamReader reader, byte[] input, int... cuts) {
    Recorder recorder = new Recorder();
    int from = 0;
    try {
      for (int i = 0; i <= cuts.length; i++) {
        int to = i < cuts.length ? cuts[i] : input.length;
        // An offset that is not zero, and rubbish around, which must not be looked at.
        byte[] piece = new byte[to - from + 6];
        Arrays.fill(piece, (byte) '<');
        System.arraycopy(input, from, piece, 3, to - from);
        int consumed = reader.feed(piece, 3, to - from, recorder);
        if (consumed != to - from) {
          throw new AssertionError("consumed " + consumed + " of " + (to - from));
        }
        from = to;
      }
    } catch (StreamException e) {
      recorder.error = e.error().condition();
      recorder.errorText = e.error().text();
      recorder.events.add("error " + e.getMessage());
    }
    return recorder;
  }

  static int[] everyByte(int length) {
    return pieces(length, 1);
  }

  /** Cuts after each {@code size} bytes. */
  static int[] pieces(int length, int size) {
    int[] cuts = new int[Math.max(0, (length - 1) / size)];
    for (int i = 0; i < cuts.length; i++) {
      cuts[i] = (i + 1) * size;
    }
    return cuts;
  }
}
