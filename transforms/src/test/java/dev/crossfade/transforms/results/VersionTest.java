package dev.crossfade.transforms.results;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.comparesEqualTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class VersionTest {
  @Test
  void ofALaterRunIsNewerEvenWithFewerEvents() {
    assertThat(new Version(2, 1), greaterThan(new Version(1, 1000)));
  }

  @Test
  void ofOneRunIsNewerWithMoreEvents() {
    assertThat(new Version(1, 3), greaterThan(new Version(1, 2)));
    assertThat(new Version(1, 2), comparesEqualTo(new Version(1, 2)));
  }

  @Property
  void isATotalOrderThatAgreesWithEquals(
      @ForAll long run, @ForAll long folded, @ForAll long otherRun, @ForAll long otherFolded) {
    Version one = new Version(run, folded);
    Version other = new Version(otherRun, otherFolded);

    assertThat(one.compareTo(other) == 0, is(one.equals(other)));
    assertThat(Integer.signum(one.compareTo(other)), is(-Integer.signum(other.compareTo(one))));
  }
}
