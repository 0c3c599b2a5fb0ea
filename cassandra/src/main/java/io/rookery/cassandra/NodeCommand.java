package io.rookery.cassandra;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The command line of the child process. */
record NodeCommand(
    NodeOptions options,
    NodeFiles files,
    JavaHome java,
    List<Path> classPath,
    ClassArchive archive) {

  List<String> arguments() {
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
    command.add(archive.jvmArgument());
    // The JVM's complaint about an archive it cannot write or use is not an error.
    command.add("-Xlog:cds=off");
    command.add("-Dcassandra.config=" + files.yaml().toUri());
    command.add("-Dcassandra.storagedir=" + options.dataDirectory());
    command.add("-Dcassandra.logdir=" + files.logs());
    command.add("-Dlogback.configurationFile=" + files.logback().toUri());
    command.addAll(options.jvmArguments());
    command.add("-cp");
    command.add(
        classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    command.add(NodeMain.class.getName());
    command.add(files.lock().toString());
    command.add(options.commitLog().name());
    return command;
  }
}
