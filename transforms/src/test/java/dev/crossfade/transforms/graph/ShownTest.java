package dev.crossfade.transforms.graph;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import dev.crossfade.transforms.results.Column;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.RowSchema;
import dev.crossfade.transforms.results.TypedRow;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShownTest {
  private static final RowSchema SHOP = new RowSchema(List.of(Column.of("shop", ColumnType.TEXT)));
  private static final int KEYS = 7;
  private static final int PANES = 100;

  /** As in a stream whose watermark is further behind than its events are out of order. */
  @Test
  void windowsThatEndWithoutALastPaneAreForgottenHoweverManyComeAfter() {
    Shown shown = new Shown(Integer.MAX_VALUE, PANES);
    for (long window = 0; window < 10_000; window++) {
      pane(shown, window);
      assertThat(shown.size(), is(lessThanOrEqualTo((PANES + 1) * KEYS)));
    }
  }

  @Test
  void aWindowThatStillHasPanesIsRememberedThoughItsFirstWasLongAgo() {
    Shown shown = new Shown(Integer.MAX_VALUE, PANES);
    pane(shown, -1);
    for (long window = 0; window < 10 * PANES; window++) {
      pane(shown, window);
      if (window % (PANES / 2) == 0) {
        assertThat(shown.beforePane(-1), hasKey(key(0)));
        shown.afterPane(-1);
      }
    }
  }

  @Test
  void ofTooManyKeysTheWindowWithoutAPaneForLongestIsForgotten() {
    Shown shown = new Shown(2 * KEYS, PANES);
    pane(shown, 1);
    pane(shown, 2);
    pane(shown, 1);
    pane(shown, 3);

    assertThat(shown.size(), is(2 * KEYS));
    assertThat(shown.beforePane(2).isEmpty(), is(true));
    assertThat(shown.beforePane(1), hasKey(key(0)));
  }

  private static void pane(Shown shown, long window) {
    Map<TypedRow, Long> before = shown.beforePane(window);
    for (int i = 0; i < KEYS; i++) {
      before.put(key(i), 1L);
    }
    shown.afterPane(window);
  }

  private static TypedRow key(int number) {
    return TypedRow.of(SHOP, "shop-" + number);
  }
}
