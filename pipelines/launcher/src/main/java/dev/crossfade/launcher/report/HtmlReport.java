package dev.crossfade.launcher.report;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Writes a rehearsal's report as one HTML file that needs nothing but itself: no network, no other
 * file, and no script to be read. The page forbids itself every reference to the outside and every
 * script but its own, so that a key with markup in it stays what it is: text. The same report gives
 * the same bytes.
 */
public final class HtmlReport {
  private static final String FOLDER = "dev/crossfade/launcher/report";

  /** What Unicode has for a character that cannot be shown. */
  private static final int UNREADABLE = 0xFFFD;

  private HtmlReport() {}

  /**
   * Writes the page. It appears at its place complete or not at all: whoever looks while it is
   * being written sees the file that was there before.
   *
   * @param report what to show
   * @param file where to write; its folder is made if it is missing, and a file there is replaced
   * @throws IOException if the page cannot be written; nothing is left behind
   */
  public static void write(RehearsalReport report, Path file) throws IOException {
    String page = render(report);
    Path target = file.toAbsolutePath();
    Files.createDirectories(target.getParent());
    // Not Files.createTempFile: its file could be read by nobody else, and a report is to be
    // shared.
    Path written = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    try {
      Files.writeString(written, page);
      Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  /** The page as text. */
  static String render(RehearsalReport report) throws IOException {
    String script = resource("report.js");
    List<FlowSection> sections = new ArrayList<>();
    for (FlowReport flow : report.flows()) {
      sections.add(FlowSection.of(flow, sections.size(), report.startedAt()));
    }
    Map<String, Object> context =
        Map.ofEntries(
            Map.entry("title", report.title()),
            Map.entry("started", Display.moment(report.startedAt(), ZoneId.of("UTC"))),
            Map.entry("version", report.crossfadeVersion()),
            Map.entry("input", report.inputDescription()),
            Map.entry("verdict", Verdict.of(report)),
            Map.entry("figures", figures(report)),
            Map.entry("flows", sections),
            Map.entry("disorder", DisorderPlot.of(report.disorder(), report.flows())),
            Map.entry("phases", PhaseBar.of(report.phases())),
            Map.entry(
                "environment",
                report.environment().entrySet().stream()
                    .map(fact -> new Fact(fact.getKey(), fact.getValue()))
                    .toList()),
            Map.entry("style", resource("report.css")),
            Map.entry("script", script),
            Map.entry("scriptHash", sha256(script)));
    StringWriter page = new StringWriter();
    engine().getTemplate("report.peb").evaluate(page, context, Locale.US);
    return page.toString();
  }

  private static PebbleEngine engine() {
    ClasspathLoader loader = new ClasspathLoader(HtmlReport.class.getClassLoader());
    loader.setPrefix(FOLDER);
    // Strict: a name that the template misspells is an error, not an empty place on the page.
    return new PebbleEngine.Builder()
        .loader(loader)
        .autoEscaping(true)
        .addEscapingStrategy("text", HtmlReport::escape)
        .defaultEscapingStrategy("text")
        .strictVariables(true)
        .defaultLocale(Locale.US)
        .build();
  }

  /**
   * Text as it has to stand in an element or in a quoted attribute. The template engine's own way
   * lets control characters through, and one of them in a key would keep the page from being read
   * as XML; they are shown as what they are, unreadable.
   */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isReadable(c) ? c : UNREADABLE);
              }
            });
    return escaped.toString();
  }

  private static boolean isReadable(int c) {
    return c == '\t'
        || c == '\n'
        || (c >= ' ' && c < Character.MIN_SURROGATE)
        || (c > Character.MAX_SURROGATE && c < 0xFFFE)
        || c >= Character.MIN_SUPPLEMENTARY_CODE_POINT;
  }

  private static List<Figure> figures(RehearsalReport report) {
    List<FlowReport> flows = report.flows();
    LongSummaryStatistics records =
        flows.stream()
            .flatMap(flow -> flow.lanes().stream())
            .mapToLong(LaneReport::read)
            .summaryStatistics();
    long rows = 0;
    long windows = 0;
    long differing = 0;
    long closedBeforeEnd = 0;
    for (FlowReport flow : flows) {
      rows += flow.rows();
      windows += flow.windows();
      differing += flow.differingRows();
      closedBeforeEnd += flow.closedBeforeEnd();
    }
    Duration took = report.phases().stream().map(Phase::took).reduce(Duration.ZERO, Duration::plus);
    return List.of(
        new Figure(
            Display.count(Math.max(0, records.getMax())),
            records.getMin() == records.getMax()
                ? "records read by each lane"
                : "records read, at most, by a lane",
            false),
        new Figure(Display.count(rows), "rows compared", false),
        new Figure(Display.count(windows), "windows compared", false),
        new Figure(Display.count(differing), "rows that differ", differing > 0),
        new Figure(
            windows == 0 ? "–" : Display.percent((double) closedBeforeEnd / windows),
            "of windows closed before the end of publication",
            false),
        new Figure(Display.duration(took), "from start to verdict", false));
  }

  private static String resource(String name) throws IOException {
    String path = "/" + FOLDER + "/" + name;
    try (InputStream in = HtmlReport.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new FileNotFoundException("no resource " + path);
      }
      // A checkout with other line ends would change the hash by which the page allows its script.
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .collect(Collectors.joining("\n"));
    }
  }

  private static String sha256(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** What the template reads of the environment; it cannot look into the entries of a JDK map. */
  record Fact(String name, String value) {}

  /** A number that sums the report up. */
  record Figure(String value, String label, boolean bad) {}
}
