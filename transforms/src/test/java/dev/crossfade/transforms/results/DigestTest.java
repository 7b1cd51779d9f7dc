package dev.crossfade.transforms.results;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DigestTest {
  private static final BigInteger TWO_TO_128 = BigInteger.ONE.shiftLeft(128);

  @Property
  void doesNotDependOnTheOrderOfRows(@ForAll @Size(max = 30) List<byte[]> rows, @ForAll long seed) {
    List<byte[]> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(seed));

    assertThat(of(shuffled), equalTo(of(rows)));
  }

  @Property
  void isTheSameHoweverTheRowsAreSplit(
      @ForAll @Size(max = 10) List<byte[]> first,
      @ForAll @Size(max = 10) List<byte[]> second,
      @ForAll @Size(max = 10) List<byte[]> third) {
    List<byte[]> all = new ArrayList<>(first);
    all.addAll(second);
    all.addAll(third);

    assertThat(of(first).plus(of(second)).plus(of(third)), equalTo(of(all)));
    assertThat(of(first).plus(of(second).plus(of(third))), equalTo(of(all)));
  }

  @Property
  void addsAsAnIntegerOf128BitsDoes(
      @ForAll long high, @ForAll long low, @ForAll long otherHigh, @ForAll long otherLow) {
    Digest sum = new Digest(1, high, low).plus(new Digest(2, otherHigh, otherLow));

    assertThat(sum.count(), is(3L));
    assertThat(
        integer(sum),
        equalTo(integer(high, low).add(integer(otherHigh, otherLow)).mod(TWO_TO_128)));
  }

  @Test
  void carriesFromTheLowerHalfIntoTheUpper() {
    assertThat(new Digest(1, 0, -1).plus(new Digest(1, 0, 1)), equalTo(new Digest(2, 1, 0)));
    assertThat(new Digest(1, -1, -1).plus(new Digest(1, 0, 1)), equalTo(new Digest(2, 0, 0)));
  }

  @Test
  void countsARowAsOftenAsItOccurs() {
    Digest one = Digest.EMPTY.plus(utf8("a"));
    Digest three = one.plus(utf8("a")).plus(utf8("a"));

    assertThat("a pair of equal rows does not cancel out", sumOnly(three), not(sumOnly(one)));
    assertThat(three.count(), is(3L));
    assertThat(three, not(equalTo(one.plus(utf8("b")).plus(utf8("b")))));
  }

  @Test
  void isTheUpperHalfOfSha256ForOneRow() {
    // FIPS 180-2, appendix B.1: the hash of "abc" begins so. A change here makes every digest that
    // was ever kept incomparable.
    assertThat(Digest.EMPTY.plus(utf8("abc")).toString(), is("1:ba7816bf8f01cfea414140de5dae2223"));
  }

  @Test
  void printsLeadingZeros() {
    assertThat(new Digest(7, 1, 2).toString(), is("7:00000000000000010000000000000002"));
  }

  private static Digest of(List<byte[]> rows) {
    Digest digest = Digest.EMPTY;
    for (byte[] row : rows) {
      digest = digest.plus(row);
    }
    return digest;
  }

  private static Digest sumOnly(Digest digest) {
    return new Digest(0, digest.high(), digest.low());
  }

  private static BigInteger integer(Digest digest) {
    return integer(digest.high(), digest.low());
  }

  private static BigInteger integer(long high, long low) {
    return new BigInteger(Long.toUnsignedString(high))
        .shiftLeft(64)
        .add(new BigInteger(Long.toUnsignedString(low)));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
