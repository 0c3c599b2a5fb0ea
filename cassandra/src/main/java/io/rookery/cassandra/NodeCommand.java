package io.rookery.cassandra;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The command lines of the child processes: the node, and what makes its class archive. */
record NodeCommand(
    NodeOptions options,
    NodeFiles files,
    JavaHome java,
    List<Path> classPath,
    ClassArchive archive) {

  List<String> arguments() {
    List<String> command = new ArrayList<>(jvm());
    command.add(archive.jvmArgument());
    command.add("-Dcassandra.config=" + files.yaml().toUri());
    command.add("-Dcassandra.storagedir=" + options.dataDirectory());
    command.add("-Dcassandra.logdir=" + files.logs());
    command.add("-Dlogback.configurationFile=" + files.logback().toUri());
    command.addAll(options.jvmArguments());
    command.addAll(classes());
    command.add(NodeMain.class.getName());
    command.add(files.lock().toString());
    command.add(options.commitLog().name());
    return command;
  }

  /** With the options of the node, which an archive must fit. */
  List<String> archiveArguments() {
    List<String> command = new ArrayList<>(List.of("nice", "-n", "19"));
    command.addAll(jvm());
    command.addAll(archive.dumpArguments());
    command.addAll(classes());
    return command;
  }

  private List<String> jvm() {
    List<String> command = new ArrayList<>();
    command.add(java.executable().toString());
    Resources.lines("jvm.options").forEach(command::add);
    if (java.feature() > 17 && java.hasSecurityManager()) {
      command.add("-Djava.security.manager=allow");
    }
    if (!java.hasSecurityManager()) {
      command.add("--sun-misc-unsafe-memory-access=allow");
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.add("-Xms128m");
    command.add("-Xmx" + options.heapMebibytes() + "m");
    command.add("-XX:MaxDirectMemorySize=" + options.heapMebibytes() / 2 + "m");
    // The JVM's complaint about an archive it cannot write or use is not an error.
    command.add("-Xlog:cds=off");
    return command;
  }

  private List<String> classes() {
    return List.of(
        "-cp",
        classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
  }
}
