package io.rookery.cassandra;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** The files a node needs beside Cassandra's jars. */
record NodeFiles(NodeOptions options) {
  private static final List<String> MAIN =
      List.of("/io/rookery/cassandra/NodeMain.class", "/io/rookery/cassandra/RequestSync.class");
  private static final String STAND_IN =
      "/org/apache/cassandra/security/ThreadAwareSecurityManager.class";

  Path yaml() {
    return options.dataDirectory().resolve("cassandra.yaml");
  }

  Path logback() {
    return options.dataDirectory().resolve("logback.xml");
  }

  Path lock() {
    return options.dataDirectory().resolve("lock");
  }

  Path logs() {
    return options.dataDirectory().resolve("logs");
  }

  /** Standard output and error of the child: what the JVM says. */
  Path console() {
    return logs().resolve("console.log");
  }

  /** Cassandra's own log. */
  Path systemLog() {
    return logs().resolve("system.log");
  }

  /** What the JVM says that makes the class archive. */
  Path archiveLog() {
    return logs().resolve("archive.log");
  }

  void write() throws IOException {
    Files.createDirectories(logs());
    Files.createDirectories(options.cache());
    Files.write(logback(), Resources.bytes("logback.xml"));
    List<String> lines =
        settings().entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).toList();
    Files.write(yaml(), lines);
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    Resources.lines("cassandra.yaml")
        .map(line -> line.split(": ", 2))
        .forEach(entry -> settings.put(entry[0], entry[1]));
    String address = options.address().getHostAddress();
    settings.put("listen_address", address);
    settings.put("rpc_address", address);
    settings.put("native_transport_port", Integer.toString(options.nativePort()));
    settings.put("storage_port", Integer.toString(options.storagePort()));
    settings.put("seed_provider", seedProvider(address + ":" + options.storagePort()));
    settings.putAll(options.commitLog().settings());
    settings.putAll(options.settings());
    return settings;
  }

  private static String seedProvider(String seeds) {
    return "[{class_name: org.apache.cassandra.locator.SimpleSeedProvider, parameters: [{seeds: \""
        + seeds
        + "\"}]}]";
  }

  /**
   * The jar that comes first on the child's class path. A class archive is valid for a jar of
   * unchanged content and date, so an existing one is left alone.
   */
  Path mainJar(boolean withStandIn) throws IOException {
    List<String> classes = new ArrayList<>(MAIN);
    if (withStandIn) {
      classes.add(STAND_IN);
    }
    byte[] content = jar(classes);
    Path jar = options.cache().resolve(withStandIn ? "node-without-policy.jar" : "node.jar");
    if (!Files.exists(jar) || !Arrays.equals(Files.readAllBytes(jar), content)) {
      Path fresh = options.dataDirectory().resolve("node.jar");
      Files.write(fresh, content);
      Files.move(fresh, jar, StandardCopyOption.REPLACE_EXISTING);
    }
    return jar;
  }

  private static byte[] jar(List<String> classes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes)) {
      for (String name : classes) {
        JarEntry entry = new JarEntry(name.substring(1));
        entry.setTime(0);
        jar.putNextEntry(entry);
        jar.write(Resources.bytes(name));
        jar.closeEntry();
      }
    }
    return bytes.toByteArray();
  }
}
