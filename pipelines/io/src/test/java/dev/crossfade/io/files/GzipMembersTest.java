package dev.crossfade.io.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class GzipMembersTest {
  private static final byte[] TEXT = text(200_000);
  private static final byte[] ARCHIVE = gzip(TEXT);

  @Property(tries = 100)
  void anyNumberOfMembersWithPaddingOrNoneIsWhatTheyHold(
      @ForAll @Size(max = 4) byte[][] members, @ForAll @IntRange(max = 2_000) int zeros)
      throws IOException {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    archive.writeBytes(gzip(TEXT));
    data.writeBytes(TEXT);
    for (byte[] member : members) {
      archive.writeBytes(gzip(member));
      data.writeBytes(member);
    }
    archive.writeBytes(new byte[zeros]);

    Read read = read(archive.toByteArray());

    assertThat(read.damage, is(Optional.empty()));
    assertThat(Arrays.equals(read.data, data.toByteArray()), is(true));
  }

  @Test
  void aHeaderMayHaveEveryPartThatThereIs() throws IOException {
    byte[] plain = gzip(TEXT);
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    archive.write(plain, 0, 3);
    archive.write(2 | 4 | 8 | 16);
    archive.write(plain, 4, 6);
    archive.writeBytes(new byte[] {3, 0, 1, 2, 3});
    archive.writeBytes("name\0comment\0".getBytes(UTF_8));
    CRC32 checksum = new CRC32();
    checksum.update(archive.toByteArray());
    archive.write((int) checksum.getValue());
    archive.write((int) checksum.getValue() >>> 8);
    archive.write(plain, 10, plain.length - 10);

    Read read = read(archive.toByteArray());

    assertThat(read.damage, is(Optional.empty()));
    assertThat(Arrays.equals(read.data, TEXT), is(true));
  }

  @Test
  void ofAnArchiveThatIsCutOffAllIsGivenThatIsThere() throws IOException {
    int half = ARCHIVE.length / 2;
    Read read = read(Arrays.copyOf(ARCHIVE, half));

    assertThat(read.data.length, is(greaterThan(TEXT.length * 4 / 10)));
    assertThat(Arrays.equals(read.data, Arrays.copyOf(TEXT, read.data.length)), is(true));
    assertThat(read.cutsData, is(true));
    assertThat(
        read.damage.orElseThrow(),
        is(
            "cannot be decompressed to its end: the archive ends amid its data, at byte "
                + half
                + " of "
                + half
                + "; 0 compressed bytes are not read, and what should follow is not there"));
  }

  @Property(tries = 100)
  void whateverByteIsLastWhatIsGivenIsTheBeginning(@ForAll @IntRange(max = 1_000) int permille)
      throws IOException {
    int length = (int) (ARCHIVE.length * (long) permille / 1_001);
    Read read = read(Arrays.copyOf(ARCHIVE, length));

    assertThat(read.damage.isPresent(), is(true));
    assertThat(Arrays.equals(read.data, Arrays.copyOf(TEXT, read.data.length)), is(true));
  }

  @Test
  void wherever50BytesAreDamagedAllBeforeIsGivenAndWhatIsLeftIsCounted() throws IOException {
    int amidData = 0;
    for (int percent = 10; percent < 95; percent++) {
      byte[] damaged = ARCHIVE.clone();
      int at = ARCHIVE.length * percent / 100;
      Arrays.fill(damaged, at, at + 50, (byte) (percent * 7));

      Read read = read(damaged);

      int same = Arrays.mismatch(read.data, TEXT);
      assertThat("all that comes before", same, is(greaterThan(TEXT.length / 100 * (percent - 5))));
      String damage = read.damage.orElseThrow();
      long left = number(damage, "; ");
      assertThat(damage, number(damage, "at byte "), is(ARCHIVE.length - left));
      amidData += read.cutsData ? 1 : 0;
    }
    assertThat("else it is the checksum that tells", amidData, is(greaterThan(0)));
  }

  @Test
  void aWrongChecksumOrLengthIsToldBehindAllOfTheData() throws IOException {
    byte[] checksum = ARCHIVE.clone();
    checksum[ARCHIVE.length - 8] ^= 1;
    byte[] length = ARCHIVE.clone();
    length[ARCHIVE.length - 1] ^= 1;

    for (byte[] archive :
        new byte[][] {checksum, length, Arrays.copyOf(ARCHIVE, ARCHIVE.length - 1)}) {
      Read read = read(archive);
      assertThat(Arrays.equals(read.data, TEXT), is(true));
      assertThat("the last line is whole", read.cutsData, is(false));
      assertThat(read.damage.isPresent(), is(true));
    }
    assertThat(
        read(checksum).damage.orElseThrow(), containsString("checksum that its data do not match"));
    assertThat(read(length).damage.orElseThrow(), containsString("another length than it says"));
  }

  @Test
  void whatFollowsTheLastMemberIsToldUnlessItIsZeros() throws IOException {
    for (String garbage : new String[] {"garbage", "\0\0garbage", "\u001f\u0000"}) {
      byte[] behind = garbage.getBytes(UTF_8);
      byte[] archive = Arrays.copyOf(ARCHIVE, ARCHIVE.length + behind.length);
      System.arraycopy(behind, 0, archive, ARCHIVE.length, behind.length);

      Read read = read(archive);

      assertThat(Arrays.equals(read.data, TEXT), is(true));
      assertThat(read.cutsData, is(false));
      assertThat(read.damage.orElseThrow(), containsString("is followed by what is no gzip"));
    }
  }

  @Test
  void aSecondMemberThatIsDamagedCostsNothingOfTheFirst() throws IOException {
    byte[] archive = Arrays.copyOf(ARCHIVE, ARCHIVE.length * 2);
    System.arraycopy(ARCHIVE, 0, archive, ARCHIVE.length, ARCHIVE.length);
    Arrays.fill(archive, ARCHIVE.length + 500, ARCHIVE.length + 600, (byte) 0);

    Read read = read(archive);

    assertThat(read.data.length, is(greaterThan(TEXT.length)));
    assertThat(Arrays.equals(Arrays.copyOf(read.data, TEXT.length), TEXT), is(true));
    assertThat(read.damage.isPresent(), is(true));
  }

  private static final class Read {
    private final byte[] data;
    private final Optional<String> damage;
    private final boolean cutsData;

    Read(byte[] data, Optional<String> damage, boolean cutsData) {
      this.data = data;
      this.damage = damage;
      this.cutsData = cutsData;
    }
  }

  private static Read read(byte[] archive) throws IOException {
    try (GzipMembers in = new GzipMembers(new ByteArrayInputStream(archive))) {
      byte[] data = in.readAllBytes();
      return new Read(data, in.damage(), in.cutsData());
    }
  }

  private static long number(String text, String before) {
    String rest = text.substring(text.indexOf(before) + before.length());
    return Long.parseLong(rest.substring(0, rest.indexOf(' ')));
  }

  private static byte[] text(int bytes) {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    while (text.length() < bytes) {
      text.append("{\"number\":").append(random.nextInt()).append(",\"more\":\"text\"}\n");
    }
    return text.toString().getBytes(UTF_8);
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return zipped.toByteArray();
  }
}
