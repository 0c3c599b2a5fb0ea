package io.rookery.router.form;

import io.rookery.protocol.jid.Jid;
import java.util.List;
import java.util.Map;

/** What was filled into a form; every value is one its field takes. */
public record Submission(Map<String, List<String>> values) {
  public Submission {
    values = Map.copyOf(values);
  }

  /** The values of a field, none when it was left out. */
  public List<String> all(String var) {
    return values.getOrDefault(var, List.of());
  }

  /** The value of a field, null when it was left out. */
  public String one(String var) {
    List<String> all = all(var);
    return all.isEmpty() ? null : all.get(0);
  }

  /** The value of a boolean field, false when it was left out. */
  public boolean flag(String var) {
    return "true".equals(one(var));
  }

  /** The address in a field that is required. */
  public Jid jid(String var) {
    return Jid.parse(one(var));
  }

  /** The addresses in a field, each once. */
  public List<Jid> jids(String var) {
    return all(var).stream().map(Jid::parse).distinct().toList();
  }
}
