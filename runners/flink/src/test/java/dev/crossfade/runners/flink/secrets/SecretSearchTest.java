package dev.crossfade.runners.flink.secrets;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xerial.snappy.SnappyOutputStream;

/** A search that finds nothing shows something only if it finds what is there. */
class SecretSearchTest {
  private static final String SECRET = "Kq7'$u/f\\x:9@Zp%41#Ä";

  @TempDir private Path scratch;

  private interface Packer {
    OutputStream over(OutputStream out) throws IOException;
  }

  @Test
  void findsASecretInEveryEncoding() {
    byte[] utf8 = SECRET.getBytes(StandardCharsets.UTF_8);
    for (byte[] hidden :
        List.of(
            utf8,
            SECRET.getBytes(StandardCharsets.UTF_16LE),
            SECRET.getBytes(StandardCharsets.UTF_16BE),
            SECRET.getBytes(StandardCharsets.ISO_8859_1),
            ascii(URLEncoder.encode(SECRET, StandardCharsets.UTF_8)),
            ascii("{\"password\":\"" + SECRET.replace("\\", "\\\\") + "\"}"),
            Base64.getEncoder().encode(utf8),
            Base64.getEncoder().encode(("x" + SECRET + "yz").getBytes(StandardCharsets.UTF_8)),
            Base64.getMimeEncoder(0, new byte[0])
                .encode(("user:" + SECRET).getBytes(StandardCharsets.UTF_8)))) {
      assertThat(found(hidden), is(not(List.of())));
    }
    assertThat(found(ascii("Kq7 and nothing more")), is(List.of()));
  }

  @Test
  void findsASecretInWhatIsPacked() throws IOException {
    List<Packer> packers =
        List.of(GZIPOutputStream::new, DeflaterOutputStream::new, SnappyOutputStream::new);
    for (Packer outer : packers) {
      for (Packer inner : packers) {
        assertThat(found(packed(outer, packed(inner, ascii(text())))), is(not(List.of())));
      }
    }
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(zip)) {
      out.putNextEntry(new ZipEntry("a/b.properties"));
      out.write(ascii(text()));
    }
    assertThat(found(zip.toByteArray()), is(not(List.of())));
  }

  @Test
  void findsASecretInAFileAndInItsName() throws IOException {
    Path folder = Files.createDirectories(scratch.resolve("a").resolve("b"));
    Files.writeString(folder.resolve("c"), text());
    Files.createFile(folder.resolve("hunter2.tmp"));
    SecretSearch search = new SecretSearch(Map.of("one", SECRET, "two", "hunter2"));

    search.directory(scratch);

    assertThat(search.found().toString(), search.found(), hasSize(2));
    assertThat(search.searched(), is(4));
  }

  /** Repetitions, so that something is packed at all. */
  private static String text() {
    return "to be packed ".repeat(20) + "password " + SECRET + " packed ".repeat(20);
  }

  private static byte[] packed(Packer packer, byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    packed.write(ascii("something before"));
    try (OutputStream out = packer.over(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  private static List<String> found(byte[] bytes) {
    SecretSearch search = new SecretSearch(Map.of("the secret", SECRET));
    search.bytes("here", bytes);
    return search.found();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
