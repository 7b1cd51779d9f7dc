package dev.crossfade.launcher.report;

import dev.crossfade.transforms.results.EventWindow;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The windows of a flow, laid out on the calendar of its zone: days across and the hours of the day
 * down, or one row of days if the windows are that long. A window that is missing leaves a hole.
 */
record HeatMap(
    boolean byHour,
    String width,
    String height,
    List<Cell> cells,
    List<Label> days,
    List<Label> hours,
    String most) {
  private static final double WIDTH = 760;
  private static final double GUTTER = 44;
  private static final double HEADER = 26;
  private static final double HOUR_HEIGHT = 20;
  private static final double DAY_HEIGHT = 58;
  private static final double GAP = 2;
  private static final int SHADES = 7;
  private static final int HOURS = 24;

  /** What a number needs to be read inside its cell. */
  private static final double READABLE = 34;

  /** What a date needs above its column. */
  private static final double READABLE_DAY = 76;

  /** Windows of at least this length fill a day, also on the short day of a change of the clock. */
  private static final Duration DAY_LONG = Duration.ofHours(20);

  /** A window on the map. The tooltip is its whole story, so that no color has to tell it. */
  record Cell(
      String x,
      String y,
      String width,
      String height,
      int shade,
      String text,
      String textX,
      String textY,
      String corner,
      boolean differs,
      boolean open,
      String tooltip) {}

  /** A word at the edge of the map. */
  record Label(String x, String y, String text) {}

  private record Slot(LocalDate day, int hour) {}

  static HeatMap of(FlowReport flow, Instant startedAt) {
    ZoneId zone = flow.zone();
    List<WindowCell> windows = flow.cells();
    boolean byHour =
        windows.stream()
            .anyMatch(w -> Duration.between(w.start(), w.end()).compareTo(DAY_LONG) < 0);
    double rowHeight = byHour ? HOUR_HEIGHT : DAY_HEIGHT;
    double left = byHour ? GUTTER : 0;
    double height = HEADER + (byHour ? HOURS : 1) * rowHeight;
    long most = windows.stream().mapToLong(WindowCell::rows).max().orElse(0);
    List<Cell> cells = new ArrayList<>();
    List<Label> days = new ArrayList<>();
    List<Label> hours = new ArrayList<>();
    if (!windows.isEmpty()) {
      LocalDate first = windows.get(0).start().atZone(zone).toLocalDate();
      LocalDate last = first;
      Map<Slot, Integer> perSlot = new HashMap<>();
      for (WindowCell window : windows) {
        Slot slot = slot(window, zone, byHour);
        perSlot.merge(slot, 1, Integer::sum);
        first = slot.day().isBefore(first) ? slot.day() : first;
        last = slot.day().isAfter(last) ? slot.day() : last;
      }
      long dayCount = ChronoUnit.DAYS.between(first, last) + 1;
      double column = (WIDTH - left) / dayCount;
      Map<Slot, Integer> placed = new HashMap<>();
      for (WindowCell window : windows) {
        Slot slot = slot(window, zone, byHour);
        // An hour that the clock goes through twice, and windows shorter than an hour, share a
        // slot.
        int sharing = perSlot.get(slot);
        int position = placed.merge(slot, 1, Integer::sum) - 1;
        double width = column / sharing;
        double x = left + ChronoUnit.DAYS.between(first, slot.day()) * column + position * width;
        double y = HEADER + (byHour ? slot.hour() * rowHeight : 0);
        cells.add(cell(flow, window, startedAt, most, x, y, width, rowHeight));
      }
      long everyDay = Math.max(1, (long) Math.ceil(READABLE_DAY / column));
      for (long day = 0; day < dayCount; day += everyDay) {
        days.add(
            new Label(
                Display.coordinate(left + (day + 0.5) * column),
                Display.coordinate(HEADER - 9),
                Display.day(first.plusDays(day).atStartOfDay(zone))));
      }
      for (int hour = 0; byHour && hour < HOURS; hour += 3) {
        hours.add(
            new Label(
                Display.coordinate(GUTTER - 8),
                Display.coordinate(HEADER + hour * rowHeight + rowHeight / 2 + 4),
                String.format(Locale.ROOT, "%02d:00", hour)));
      }
    }
    return new HeatMap(
        byHour,
        Display.coordinate(WIDTH),
        Display.coordinate(height),
        cells,
        days,
        hours,
        Display.count(most));
  }

  private static Slot slot(WindowCell window, ZoneId zone, boolean byHour) {
    ZonedDateTime start = window.start().atZone(zone);
    return new Slot(start.toLocalDate(), byHour ? start.getHour() : 0);
  }

  private static Cell cell(
      FlowReport flow,
      WindowCell window,
      Instant startedAt,
      long most,
      double x,
      double y,
      double slotWidth,
      double slotHeight) {
    double width = Math.max(slotWidth - GAP, slotWidth * 0.8);
    double height = slotHeight - GAP;
    int shade =
        most == 0 ? 0 : (int) Math.min(SHADES - 1L, Math.floorDiv(window.rows() * SHADES, most));
    return new Cell(
        Display.coordinate(x),
        Display.coordinate(y),
        Display.coordinate(width),
        Display.coordinate(height),
        shade,
        width < READABLE ? "" : Display.count(window.rows()),
        Display.coordinate(x + width / 2),
        Display.coordinate(y + height / 2 + 4),
        // A triangle in the corner: the mark does not rest on its color alone.
        "M" + Display.coordinate(x) + " " + Display.coordinate(y) + "h12l-12 12z",
        window.differing() > 0,
        !window.closedInAllLanes(),
        tooltip(flow, window, startedAt));
  }

  private static String tooltip(FlowReport flow, WindowCell window, Instant startedAt) {
    StringBuilder text = new StringBuilder();
    text.append(Display.window(new EventWindow(window.start(), window.end()), flow.zone()))
        .append(" · ")
        .append(flow.zone().getId());
    window
        .rowsByLane()
        .forEach(
            (lane, rows) ->
                text.append('\n').append(lane).append(": ").append(Display.count(rows, "row")));
    text.append('\n')
        .append(
            window.differing() == 0
                ? "no row differs"
                : Display.count(window.differing(), "row")
                    + (window.differing() == 1 ? " differs" : " differ"));
    text.append('\n')
        .append(window.closedInAllLanes() ? "closed in all lanes" : "not closed in all lanes");
    if (window.closedAt() != null) {
      text.append("; by the stream lane ")
          .append(Display.duration(Duration.between(startedAt, window.closedAt())))
          .append(" after the start");
    }
    return text.toString();
  }
}
