package dev.crossfade.runners.flink.secrets;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.xerial.snappy.SnappyError;
import org.xerial.snappy.SnappyInputStream;

/**
 * Looks for texts wherever a process may have left them: in files of whatever name, in what is
 * packed into them, and in the encodings that programs give to texts.
 */
final class SecretSearch {
  private static final byte[] SNAPPY = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};
  private static final int DEPTH = 3;

  private final Map<String, String> needles = new LinkedHashMap<>();
  private final List<String> found = new ArrayList<>();
  private int searched;

  /**
   * A search for secrets.
   *
   * @param secrets the secrets by names that may be shown
   */
  SecretSearch(Map<String, String> secrets) {
    secrets.forEach(this::add);
  }

  private void add(String name, String secret) {
    byte[] utf8 = secret.getBytes(StandardCharsets.UTF_8);
    needle(name + " in UTF-8", utf8);
    needle(name + " in ISO 8859-1", secret.getBytes(StandardCharsets.ISO_8859_1));
    needle(name + " in UTF-16BE", secret.getBytes(StandardCharsets.UTF_16BE));
    needle(name + " in UTF-16LE", secret.getBytes(StandardCharsets.UTF_16LE));
    ascii(name + " in an URL", URLEncoder.encode(secret, StandardCharsets.UTF_8));
    ascii(name + " in JSON", secret.replace("\\", "\\\\").replace("\"", "\\\""));
    ascii(name + " escaped twice", secret.replace("\\", "\\\\\\\\").replace("\"", "\\\\\\\""));
    ascii(name + " in hexadecimal", HexFormat.of().formatHex(utf8));
    ascii(name + " in hexadecimal", HexFormat.of().formatHex(utf8).toUpperCase(Locale.ROOT));
    // Three bytes give four characters: what comes before decides which of three texts it is. The
    // characters at both ends hold bits of its neighbours.
    for (int before = 0; before < 3; before++) {
      byte[] padded = new byte[before + utf8.length];
      System.arraycopy(utf8, 0, padded, before, utf8.length);
      int from = before == 0 ? 0 : before + 1;
      int to = padded.length / 3 * 4;
      ascii(name + " in Base64", Base64.getEncoder().encodeToString(padded).substring(from, to));
      ascii(
          name + " in Base64 for URLs",
          Base64.getUrlEncoder().encodeToString(padded).substring(from, to));
    }
  }

  private void ascii(String name, String encoded) {
    needle(name, encoded.getBytes(StandardCharsets.UTF_8));
  }

  private void needle(String name, byte[] bytes) {
    needles.putIfAbsent(new String(bytes, StandardCharsets.ISO_8859_1), name);
  }

  /** Searches every file below a directory, their names too; those that vanish are let go. */
  void directory(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            text("the name of " + file.getParent(), file.getFileName().toString());
            if (attributes.isRegularFile()) {
              bytes(file.toString(), Files.readAllBytes(file));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
  }

  /** Searches a text. */
  void text(String where, String text) {
    bytes(where, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Searches bytes, and what is packed into them. */
  void bytes(String where, byte[] bytes) {
    searched++;
    search(where, bytes, DEPTH);
  }

  /** Where which secret was found. */
  List<String> found() {
    return found;
  }

  /** How many files and texts were searched. */
  int searched() {
    return searched;
  }

  private void search(String where, byte[] bytes, int depth) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    needles.forEach(
        (needle, name) -> {
          if (text.contains(needle)) {
            found.add(name + " in " + where);
          }
        });
    if (depth > 0) {
      unpack(where, text, bytes, depth - 1);
    }
  }

  private void unpack(String where, String text, byte[] bytes, int depth) {
    if (text.startsWith("PK\u0003\u0004")) {
      zip(where, bytes, depth);
      return;
    }
    everyStart(text, new String(SNAPPY, StandardCharsets.ISO_8859_1))
        .forEach(at -> packed(where, bytes, at, "Snappy", SnappyInputStream::new, depth));
    everyStart(text, "\u001f\u008b\u0008")
        .forEach(at -> packed(where, bytes, at, "gzip", GZIPInputStream::new, depth));
    for (String level : List.of("x\u0001", "x^", "x\u009c", "x\u00da")) {
      everyStart(text, level)
          .forEach(
              at ->
                  packed(
                      where,
                      bytes,
                      at,
                      "zlib",
                      in -> new InflaterInputStream(in, new Inflater()),
                      depth));
    }
  }

  private static List<Integer> everyStart(String text, String magic) {
    List<Integer> all = new ArrayList<>();
    for (int at = text.indexOf(magic); at >= 0; at = text.indexOf(magic, at + 1)) {
      all.add(at);
    }
    return all;
  }

  private interface Unpacker {
    InputStream open(InputStream in) throws IOException;
  }

  /** What looks like a beginning need not be one; as much as can be unpacked is searched. */
  private void packed(
      String where, byte[] bytes, int at, String how, Unpacker unpacker, int depth) {
    ByteBuffer unpacked = ByteBuffer.allocate(1 << 22);
    try (InputStream in = unpacker.open(new ByteArrayInputStream(bytes, at, bytes.length - at))) {
      for (int read = 0; read >= 0 && unpacked.hasRemaining(); ) {
        read = in.read(unpacked.array(), unpacked.position(), unpacked.remaining());
        unpacked.position(unpacked.position() + Math.max(read, 0));
      }
    } catch (IOException | SnappyError e) {
      if (unpacked.position() == 0) {
        return;
      }
    }
    byte[] inside = new byte[unpacked.flip().remaining()];
    unpacked.get(inside);
    search(where + ", " + how + " at " + at, inside, depth);
  }

  private void zip(String where, byte[] bytes, int depth) {
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (!entry.getName().endsWith(".class")) {
          search(where + "!" + entry.getName(), in.readAllBytes(), depth);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the archive " + where, e);
    }
  }
}
