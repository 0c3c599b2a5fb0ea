package io.rookery.bench.measure;

import java.util.ArrayList;
import java.util.List;

/** Processes whose use of the machine is added up and shown under one name. */
public record ProcessGroup(String name, List<Member> members) {
  /**
   * @param tree whether its descendants count too
   */
  public record Member(int pid, boolean tree) {}

  /**
   * Parses {@code [NAME=]PID[+][,PID[+]...]}; {@code +} takes the whole process tree, the name
   * defaults to {@code server}.
   *
   * @throws IllegalArgumentException when it is anything else
   */
  public static ProcessGroup parse(String text) {
    int equals = text.indexOf('=');
    List<Member> members = new ArrayList<>();
    for (String item : text.substring(equals + 1).split(",")) {
      if (!item.matches("[1-9][0-9]{0,8}\\+?")) {
        throw new IllegalArgumentException("'" + item + "' is no process id: [NAME=]PID[+],...");
      }
      boolean tree = item.endsWith("+");
      members.add(
          new Member(Integer.parseInt(tree ? item.substring(0, item.length() - 1) : item), tree));
    }
    return new ProcessGroup(
        equals < 0 ? "server" : text.substring(0, equals), List.copyOf(members));
  }
}
