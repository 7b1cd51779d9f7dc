package dev.crossfade.migration;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

/** Compares by the hashes that the table keeps and by reading every row, which have to agree. */
final class BothWays {
  private BothWays() {}

  /** What reading every row comes to, after the other has come to the same. */
  static Comparison compare(Database database, LaneTable left, LaneTable right) {
    Comparison read = Reconcile.in(database).readingEveryRow().compare(left, right);
    Comparison quick = Reconcile.in(database).compare(left, right);
    assertThat(quick.verdict(), is(read.verdict()));
    assertThat(quick.reason(), is(read.reason()));
    assertThat(quick.differences(), is(read.differences()));
    assertThat(quick.counts(), is(read.counts()));
    assertThat(quick.windows(), is(read.windows()));
    assertThat(quick.notCompared(), is(read.notCompared()));
    return read;
  }
}
