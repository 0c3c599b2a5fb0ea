package io.rookery.cassandra;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How to run one Cassandra node as a child process.
 *
 * @param lib the directory with the jars of Cassandra and nothing else
 * @param dataDirectory kept between runs, used by one node at a time; made if absent
 * @param cache where what can be made again is kept, shared by nodes: the class archive that
 *     shortens the start, made after the first one
 * @param address a loopback address; several nodes use 127.0.0.1, 127.0.0.2 ...
 * @param nativePort where CQL is answered; 0 for any free port
 * @param storagePort where the nodes of one cluster talk; 0 for any free port
 * @param heapMebibytes at least 256; the process takes about twice as much in all
 * @param settings entries of cassandra.yaml on top of the defaults, in YAML: seed_provider,
 *     initial_token ...
 * @param jvmArguments additional ones, {@code -XX:TieredStopAtLevel=1} for a faster start
 */
public record NodeOptions(
    Path lib,
    Path dataDirectory,
    Path cache,
    InetAddress address,
    int nativePort,
    int storagePort,
    int heapMebibytes,
    CommitLog commitLog,
    Map<String, String> settings,
    List<String> jvmArguments) {

  private static final String SEEDS = "seed_provider";

  public NodeOptions {
    if (!address.isLoopbackAddress()) {
      throw new IllegalArgumentException("not a loopback address: " + address);
    }
    if (commitLog == CommitLog.REQUEST && settings.containsKey(SEEDS)) {
      throw new IllegalArgumentException("commit log of a single node in a cluster");
    }
    if (heapMebibytes < 256) {
      throw new IllegalArgumentException("heap of less than 256 MiB: " + heapMebibytes);
    }
    lib = lib.toAbsolutePath();
    dataDirectory = dataDirectory.toAbsolutePath();
    cache = cache.toAbsolutePath();
    settings = Map.copyOf(settings);
    jvmArguments = List.copyOf(jvmArguments);
  }

  /** A durable node on 127.0.0.1, any free ports, with a heap of 512 MiB, unless changed. */
  public static Builder builder(Path lib, Path dataDirectory) {
    return new Builder(lib, dataDirectory);
  }

  /** The same node with both ports fixed. */
  NodeOptions withPorts(int newNativePort, int newStoragePort) {
    return new NodeOptions(
        lib,
        dataDirectory,
        cache,
        address,
        newNativePort,
        newStoragePort,
        heapMebibytes,
        commitLog,
        settings,
        jvmArguments);
  }

  /** See the components of {@link NodeOptions}. */
  public static final class Builder {
    private final Path lib;
    private final Path dataDirectory;
    private Path cache;
    private InetAddress address = InetAddress.getLoopbackAddress();
    private int nativePort;
    private int storagePort;
    private int heapMebibytes = 512;
    private CommitLog commitLog;
    private Map<String, String> settings = Map.of();
    private List<String> jvmArguments = List.of();

    private Builder(Path lib, Path dataDirectory) {
      this.lib = lib;
      this.dataDirectory = dataDirectory;
      this.cache = dataDirectory.resolve("cache");
    }

    public Builder cache(Path directory) {
      cache = directory;
      return this;
    }

    public Builder address(InetAddress loopback) {
      address = loopback;
      return this;
    }

    public Builder ports(int nativeOne, int storageOne) {
      nativePort = nativeOne;
      storagePort = storageOne;
      return this;
    }

    public Builder heapMebibytes(int size) {
      heapMebibytes = size;
      return this;
    }

    /** By default REQUEST for a node of its own, BATCH for one with other seeds. */
    public Builder commitLog(CommitLog mode) {
      commitLog = mode;
      return this;
    }

    public Builder settings(Map<String, String> yaml) {
      settings = yaml;
      return this;
    }

    public Builder jvmArguments(String... arguments) {
      jvmArguments = List.of(arguments);
      return this;
    }

    public NodeOptions build() {
      return new NodeOptions(
          lib,
          dataDirectory,
          cache,
          address,
          nativePort,
          storagePort,
          heapMebibytes,
          commitLog != null ? commitLog : durable(),
          settings,
          jvmArguments);
    }

    private CommitLog durable() {
      return settings.containsKey(SEEDS) ? CommitLog.BATCH : CommitLog.REQUEST;
    }
  }
}
