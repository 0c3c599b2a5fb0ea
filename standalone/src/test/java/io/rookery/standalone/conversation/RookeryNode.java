package io.rookery.standalone.conversation;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One node of a cluster under test, with the ports it keeps over restarts.
 *
 * @param role the subcommand that starts it
 * @param host an address of this machine, where it listens
 * @param endpoint where clients connect; connectors have one
 */
public record RookeryNode(
    String name,
    String role,
    String host,
    int opsPort,
    int memberPort,
    Optional<Endpoint> endpoint) {

  /**
   * What the nodes of a cluster have in common.
   *
   * @param directory for configuration and logs
   * @param members where a node asks for the others
   * @param contactPoints of Cassandra
   * @param more configuration, in YAML
   */
  public record Cluster(
      Path directory,
      List<RookeryNode> members,
      List<InetSocketAddress> contactPoints,
      String more) {
    public Cluster {
      members = List.copyOf(members);
      contactPoints = List.copyOf(contactPoints);
    }
  }

  /** A router with free ports. */
  public static RookeryNode router(String name, String host) throws IOException {
    return new RookeryNode(name, "router", host, freePort(), freePort(), Optional.empty());
  }

  /** A connector with free ports. */
  public static RookeryNode connector(String name, String host) throws IOException {
    Endpoint endpoint =
        new Endpoint(
            new InetSocketAddress(host, freePort()), new InetSocketAddress(host, freePort()));
    return new RookeryNode(name, "connector", host, freePort(), freePort(), Optional.of(endpoint));
  }

  private static int freePort() throws IOException {
    return Ports.freeAddress().getPort();
  }

  /** Base address of the ops port. */
  public URI ops() {
    return URI.create("http://" + host + ":" + opsPort);
  }

  private String member() {
    return host + ":" + memberPort;
  }

  /**
   * Writes the configuration; the process is not started.
   *
   * @param launcher put in front of the command line
   */
  public ChildProcess process(Cluster cluster, List<String> launcher) throws IOException {
    return process(cluster, launcher, RookeryProcesses.CLASS_PATH);
  }

  /** The same of another release. */
  public ChildProcess process(Cluster cluster, List<String> launcher, Path changes)
      throws IOException {
    return process(cluster, launcher, changes + File.pathSeparator + RookeryProcesses.CLASS_PATH);
  }

  private ChildProcess process(Cluster cluster, List<String> launcher, String classPath)
      throws IOException {
    Path directory = cluster.directory();
    String config =
        RookeryProcesses.common(directory, new InetSocketAddress(host, opsPort))
            + member(cluster)
            + endpoint.map(RookeryProcesses::listeners).orElse("")
            + cluster.more();
    if (endpoint.isPresent()) {
      RookeryProcesses.makeCertificate(directory.resolve("certificates"));
    }
    Path file = RookeryProcesses.write(directory, name, config);
    List<String> command = new ArrayList<>(launcher);
    command.addAll(RookeryProcesses.command(role, file, classPath));
    return RookeryProcesses.process(name, command, directory, ops());
  }

  private String member(Cluster cluster) throws IOException {
    return """
        cluster.name: test-%d
        cluster.node: %s
        cluster.address: %s
        cluster.member-port: %d
        cluster.bus-port: %d
        cluster.members: [%s]
        storage.contact-points: [%s]
        """
        .formatted(
            cluster.members().get(0).memberPort(),
            name,
            host,
            memberPort,
            freePort(),
            quoted(cluster.members().stream().map(RookeryNode::member).toList()),
            quoted(
                cluster.contactPoints().stream()
                    .map(point -> point.getHostString() + ":" + point.getPort())
                    .toList()));
  }

  private static String quoted(List<String> values) {
    return values.stream().map(value -> '"' + value + '"').collect(Collectors.joining(", "));
  }
}
