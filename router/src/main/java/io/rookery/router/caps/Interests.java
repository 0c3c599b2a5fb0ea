package io.rookery.router.caps;

import io.rookery.router.extension.SessionKey;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Of which nodes a client wants notifications (XEP-0163, section 4.3.2): what its capabilities say
 * with {@code +notify}.
 *
 * @param of names the capabilities they were read from, empty for none
 * @param nodes at most 100, of at most 8192 characters together
 */
public record Interests(String of, Set<String> nodes) {
  public static final Interests NONE = new Interests("", Set.of());

  public static final SessionKey<Interests> KEY =
      new SessionKey<>("pep.interests", NONE, Interests::encoded, Interests::decoded);

  private static final String NOTIFY = "+notify";
  private static final String SEPARATOR = "\n";
  private static final int MAX_NODES = 100;
  private static final int MAX_CHARACTERS = 8192;

  public Interests {
    nodes = Set.copyOf(nodes);
  }

  /** What these features say; what is too much is left out. */
  static Interests of(String of, Collection<String> features) {
    Set<String> nodes = new LinkedHashSet<>();
    int characters = 0;
    for (String feature : features) {
      if (!feature.endsWith(NOTIFY) || feature.equals(NOTIFY) || feature.contains(SEPARATOR)) {
        continue;
      }
      String node = feature.substring(0, feature.length() - NOTIFY.length());
      characters += node.length();
      if (nodes.size() >= MAX_NODES || characters > MAX_CHARACTERS) {
        break;
      }
      nodes.add(node);
    }
    return new Interests(of, nodes);
  }

  public boolean wants(String node) {
    return nodes.contains(node);
  }

  private String encoded() {
    return nodes.isEmpty() ? of : of + SEPARATOR + String.join(SEPARATOR, nodes);
  }

  private static Interests decoded(String text) {
    List<String> lines = List.of(text.split(SEPARATOR));
    return new Interests(lines.get(0), Set.copyOf(lines.subList(1, lines.size())));
  }
}
