package io.rookery.standalone.fault;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.SessionRecord;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.wire.Unacked;
import io.rookery.protocol.wire.WireCodec;
import io.rookery.protocol.wire.WireReader;
import io.rookery.protocol.wire.WireWriter;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the two releases write differs, and each reads what the other writes. */
class NextReleaseTest {
  private static final String WIRE = "io.rookery.protocol.wire.";
  private static final Jid ROMEO = Jid.parse("romeo@montague.example/orchard");

  @TempDir private Path directory;

  private URLClassLoader next() throws Exception {
    List<URL> path = new ArrayList<>();
    path.add(NextRelease.build(directory).toUri().toURL());
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      path.add(Path.of(entry).toUri().toURL());
    }
    return new URLClassLoader(path.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
  }

  @Test
  void messages() throws Exception {
    ToRouter.NoStream message = new ToRouter.NoStream(ROMEO, 7);
    WireWriter ours = new WireWriter(64);
    WireCodec.write(ours, message);
    try (URLClassLoader next = next()) {
      Class<?> reader = next.loadClass(WIRE + "WireReader");
      Class<?> writer = next.loadClass(WIRE + "WireWriter");
      Class<?> codec = next.loadClass(WIRE + "WireCodec");
      Object read =
          codec
              .getMethod("read", reader)
              .invoke(
                  null,
                  reader
                      .getConstructor(byte[].class, int.class, int.class)
                      .newInstance(ours.toByteArray(), 0, ours.length()));
      Object theirs = writer.getConstructor(int.class).newInstance(64);
      codec
          .getMethod("write", writer, next.loadClass(WIRE + "WireMessage"))
          .invoke(null, theirs, read);
      byte[] written = (byte[]) writer.getMethod("toByteArray").invoke(theirs);
      assertTrue(written.length > ours.length());
      assertEquals(message, WireCodec.read(new WireReader(written, 0, written.length)));
    }
  }

  @Test
  void records() throws Exception {
    byte[] ours =
        new SessionRecord(
                1,
                new LoopAddress("node", 0),
                7,
                "192.0.2.1",
                1,
                0,
                null,
                0,
                true,
                true,
                new Jid[0],
                Map.of(),
                "id",
                true,
                300,
                0,
                0,
                0,
                0,
                new Unacked[0])
            .toBytes();
    try (URLClassLoader next = next()) {
      Class<?> record = next.loadClass(WIRE + "SessionRecord");
      Object read = record.getMethod("parse", byte[].class).invoke(null, ours);
      byte[] theirs = (byte[]) record.getMethod("toBytes").invoke(read);
      assertTrue(theirs.length > ours.length);
      assertArrayEquals(ours, Arrays.copyOf(theirs, ours.length));
      assertArrayEquals(ours, SessionRecord.parse(theirs).toBytes());
    }
  }

  @Test
  void migrations() throws Exception {
    try (URLClassLoader next = next();
        var files = Files.list(directory.resolve("schema"))) {
      Path migration = files.findFirst().orElseThrow();
      assertTrue(migration.toString().endsWith(NextRelease.NAME + ".cql"));
      assertTrue(
          new String(
                  next.getResourceAsStream("schema/" + migration.getFileName()).readAllBytes(),
                  StandardCharsets.UTF_8)
              .startsWith("-- compatible: "));
    }
  }
}
