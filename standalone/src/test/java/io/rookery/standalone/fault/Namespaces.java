package io.rookery.standalone.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every node in a network namespace of its own, all on one bridge. Only for a process that is
 * itself alone in a network namespace (as {@code bench/faults} arranges), so that nothing outside
 * is touched and everything is gone when it ends.
 */
final class Namespaces implements Hosts {
  private static final String BRIDGE = "rookery";
  private static final String HARNESS = "10.99.0.1";
  private static final int FIRST_HOST = 10;

  private final Map<String, String> addresses = new LinkedHashMap<>();
  private final Map<String, Set<String>> parted = new LinkedHashMap<>();

  Namespaces() {
    ip("link set lo up");
    ip("link add " + BRIDGE + " type bridge forward_delay 0");
    ip("addr add " + HARNESS + "/24 dev " + BRIDGE);
    ip("link set " + BRIDGE + " up");
  }

  /** Whether this process is root in a network namespace without any network. */
  static boolean areAvailable() throws IOException {
    Path interfaces = Path.of("/proc/self/net/dev");
    if (!System.getProperty("user.name").equals("root") || !Files.exists(interfaces)) {
      return false;
    }
    return Files.readAllLines(interfaces).stream()
        .filter(line -> line.contains(":"))
        .allMatch(line -> line.strip().startsWith("lo:"));
  }

  @Override
  public String add(String node) {
    String address = "10.99.0." + (FIRST_HOST + addresses.size());
    addresses.put(node, address);
    ip("netns add " + node);
    ip("link add " + link(node) + " type veth peer name eth0 netns " + node);
    ip("link set " + link(node) + " master " + BRIDGE + " up");
    ip("-n " + node + " addr add " + address + "/24 dev eth0");
    ip("-n " + node + " link set lo up");
    ip("-n " + node + " link set eth0 up");
    return address;
  }

  /** Names of interfaces have at most 15 characters. */
  private String link(String node) {
    return "v-" + List.copyOf(addresses.keySet()).indexOf(node);
  }

  @Override
  public List<String> launcher(String node) {
    return List.of("ip", "netns", "exec", node);
  }

  @Override
  public String harness() {
    return HARNESS;
  }

  @Override
  public boolean canCut() {
    return true;
  }

  @Override
  public void cut(String node) {
    ip("link set " + link(node) + " down");
  }

  @Override
  public void part(String node) {
    Set<String> others = new LinkedHashSet<>(addresses.values());
    others.remove(addresses.get(node));
    others.forEach(other -> ip("-n " + node + " route add blackhole " + other + "/32"));
    parted.put(node, others);
  }

  @Override
  public void heal(String node) {
    ip("link set " + link(node) + " up");
    Set<String> others = parted.remove(node);
    if (others != null) {
      others.forEach(other -> ip("-n " + node + " route del blackhole " + other + "/32"));
    }
  }

  private static void ip(String arguments) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments.split(" ")));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + ": " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    addresses.keySet().forEach(node -> ip("netns del " + node));
    ip("link del " + BRIDGE);
  }
}
