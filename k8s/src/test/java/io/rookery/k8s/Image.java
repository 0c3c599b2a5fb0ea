package io.rookery.k8s;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of the image as its Dockerfile lays them out, in a directory instead of an image.
 *
 * @param root of its file system
 * @param instructions of the last stage
 */
record Image(Path root, List<String> instructions) {
  private static final Pattern COPY = Pattern.compile("COPY --from=build /src/(\\S+) /(\\S+)");

  static Image layOut(Path root) throws IOException {
    String text = Project.read(Project.DOCKER.resolve("Dockerfile"));
    String stage = text.substring(text.lastIndexOf("\nFROM ")).replaceAll("\\\\\n\\s*", "");
    Image image = new Image(root, stage.lines().toList());
    for (String line : image.instructions) {
      Matcher copy = COPY.matcher(line);
      if (copy.matches()) {
        place(Project.ROOT.resolve(copy.group(1)), root.resolve(copy.group(2)));
      }
    }
    return image;
  }

  /** The launcher finds the rest from where it is itself, so it is no link. */
  private static void place(Path from, Path to) throws IOException {
    if (!Files.exists(from)) {
      throw new AssertionError("not built: " + from);
    }
    Files.createDirectories(to.getParent());
    Files.deleteIfExists(to);
    if (Files.isDirectory(from)) {
      Files.createSymbolicLink(to, from);
    } else {
      Files.copy(from, to);
    }
  }

  String instruction(String name) {
    return instructions.stream()
        .filter(line -> line.startsWith(name + " "))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name))
        .substring(name.length() + 1);
  }

  /** What it starts. */
  Path launcher() {
    return root.resolve(instruction("ENTRYPOINT").replaceAll("[\\[\\]\"]", "").substring(1));
  }

  Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    Matcher entry = Pattern.compile("(\\w+)=(?:\"([^\"]*)\"|(\\S+))").matcher(instruction("ENV"));
    while (entry.find()) {
      environment.put(entry.group(1), entry.group(2) != null ? entry.group(2) : entry.group(3));
    }
    return environment;
  }
}
