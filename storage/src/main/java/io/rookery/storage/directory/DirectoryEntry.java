package io.rookery.storage.directory;

import io.rookery.protocol.jid.Jid;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is told of a user who wants to be found.
 *
 * @param owner bare address
 * @param values as the user writes them, of fields other than {@link DirectoryField#USER}; only
 *     those that there are
 */
public record DirectoryEntry(Jid owner, Map<DirectoryField, List<String>> values) {

  public DirectoryEntry {
    Map<DirectoryField, List<String>> some = new EnumMap<>(DirectoryField.class);
    values.forEach(
        (field, all) -> {
          if (!all.isEmpty() && field != DirectoryField.USER) {
            some.put(field, List.copyOf(all));
          }
        });
    values = Map.copyOf(some);
  }

  /** The first value of a field, empty for none. */
  public String first(DirectoryField field) {
    return all(field).findFirst().orElse("");
  }

  /** By what the user is found in this field. */
  public Set<String> keys(DirectoryField field) {
    return all(field)
        .map(SearchTerm::key)
        .filter(key -> !key.isEmpty())
        .collect(Collectors.toSet());
  }

  private Stream<String> all(DirectoryField field) {
    return field == DirectoryField.USER
        ? Stream.of(owner.local())
        : values.getOrDefault(field, List.of()).stream();
  }
}
