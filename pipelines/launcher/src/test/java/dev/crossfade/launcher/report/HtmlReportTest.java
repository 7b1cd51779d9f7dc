package dev.crossfade.launcher.report;

import static java.util.stream.Collectors.toList;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class HtmlReportTest {
  private static final String HOSTILE =
      "\"><script>alert('k')</script><img src=x onerror=alert(1)>{{ title }}\u0000\u202e&amp;]]>";

  @Test
  void saysThatAllLanesAgree() throws Exception {
    Document page = parse(HtmlReport.render(Rehearsals.agreeing()));

    assertThat(headline(page), is("Legacy, batch and stream agree on every window of both flows"));
    assertThat(byClass(page, "agree"), hasSize(1));
    assertThat(byClass(page, "findings"), is(empty()));
    assertThat(byClass(page, "differences"), is(empty()));
    assertThat(byClass(page, "outline"), hasSize(2)); // in the legend of each flow
  }

  @Test
  void namesWhatDiffersAndWhere() throws Exception {
    Document page = parse(HtmlReport.render(Rehearsals.differing("ORD")));

    assertThat(byClass(page, "differ"), hasSize(1));
    assertThat(headline(page), is("The lanes differ on flights"));
    assertThat(
        byClass(page, "findings").get(0).getTextContent().strip(),
        allOf(
            startsWith("flights: batch ≠ stream and legacy ≠ stream; 2 rows differ in 1 window"),
            containsString("ORD in the window Wed, Jan 3, 17:00–18:00"),
            containsString("delay_minutes_sum: legacy has 410, stream has 390")));
    List<Element> tables = byClass(page, "differences");
    assertThat(tables, hasSize(1));
    assertThat(
        tables.get(0).getTextContent(),
        allOf(
            containsString("3 differences"),
            containsString("ORD"),
            containsString("no such row"),
            containsString("whole row")));
    assertThat(byClass(page, "outline"), hasSize(3));
  }

  @Test
  void doesNotCallAWindowThatIsNotClosedProof() throws Exception {
    Instant open = Rehearsals.hour(6, 19).start();
    FlowReport flow =
        Rehearsals.hourly(
            cell ->
                cell.start().equals(open)
                    ? Rehearsals.cell(cell.start(), cell.end(), cell.rows(), 0, false, null)
                    : cell);
    Document page = parse(HtmlReport.render(Rehearsals.report(true, List.of(flow))));

    assertThat(byClass(page, "unproved"), hasSize(1));
    assertThat(
        headline(page),
        is(
            "Legacy, batch and stream agree on every closed window of flow flights, but not all are"
                + " closed"));
    assertThat(
        byClass(page, "findings").get(0).getTextContent(),
        containsString("1 window is not closed in all lanes and proves nothing"));
    assertThat(byClass(page, "open"), hasSize(2)); // one in the legend
  }

  @Test
  void doesNotCallLanesDifferentOfWhichNobodyKnows() throws Exception {
    FlowReport flow = Rehearsals.inconclusive("batch-stream", "1 other window cannot be judged");
    Document page = parse(HtmlReport.render(Rehearsals.report(false, List.of(flow))));

    assertThat(flow.differs(), is(false));
    assertThat(byClass(page, "unproved"), hasSize(1));
    assertThat(
        headline(page), is("Not all of it can be judged, so it is not shown that the lanes agree"));
    assertThat(
        byClass(page, "findings").get(0).getTextContent(),
        containsString("batch and stream: 1 other window cannot be judged"));
    assertThat(byClass(page, "pairs").get(0).getTextContent(), containsString("batch ? stream"));
  }

  @Test
  void doesNotAgreeOverNothing() throws Exception {
    FlowReport daily = Rehearsals.daily();
    FlowReport nothing =
        Rehearsals.flow("flights", daily.equal(), 0, List.of(), daily.panes(), 0, List.of());

    for (List<FlowReport> flows : List.of(List.<FlowReport>of(), List.of(nothing))) {
      Document page = parse(HtmlReport.render(Rehearsals.report(true, flows)));

      assertThat(byClass(page, "unproved"), hasSize(1));
      assertThat(headline(page), is("Too little was compared to say that the lanes agree"));
    }
  }

  @Test
  void refusesToAgreeOverADifference() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> Rehearsals.report(true, List.of(Rehearsals.differingFlow("ORD", 1))));

    assertThat(refused.getMessage(), containsString("flow 'flights'"));
  }

  @Test
  void showsSoManyDifferencesAndTheTotal() throws Exception {
    Document page =
        parse(
            HtmlReport.render(
                Rehearsals.report(false, List.of(Rehearsals.differingFlow("ORD", 1_234)))));

    Element differences = byClass(page, "differences").get(0);
    assertThat(
        differences.getTextContent(), containsString("1,234 differences; the first 100 are shown"));
    assertThat(differences.getElementsByTagName("tr").getLength(), is(101));
  }

  @Test
  void keepsHostileTextText() throws Exception {
    RehearsalReport report = Rehearsals.differing(HOSTILE);
    FlowReport named =
        Rehearsals.flow(
            HOSTILE,
            report.flows().get(0).equal(),
            1,
            report.flows().get(0).cells(),
            report.flows().get(0).panes(),
            0,
            report.flows().get(0).differences());
    String html = HtmlReport.render(Rehearsals.report(false, List.of(named)));
    Document page = parse(html);

    assertThat(html, not(containsString("<script>alert")));
    assertThat(page.getElementsByTagName("script").getLength(), is(1));
    assertThat(page.getElementsByTagName("img").getLength(), is(0));
    assertThat(attributes(page).stream().map(Attr::getName).toList(), not(hasItem("onerror")));
    assertThat(
        byClass(page, "differences").get(0).getTextContent(),
        containsString("<script>alert('k')</script><img src=x onerror=alert(1)>{{ title }}"));
  }

  @Test
  void refersToNothingOutsideItself() throws Exception {
    String html = HtmlReport.render(Rehearsals.differing("ORD"));
    Document page = parse(html);

    for (String element : List.of("link", "img", "iframe", "object", "image", "use", "base")) {
      assertThat(element, page.getElementsByTagName(element).getLength(), is(0));
    }
    for (Attr attribute : attributes(page)) {
      String name = attribute.getName();
      if (!name.equals("xmlns")) {
        assertThat(attribute.toString(), attribute.getValue(), not(containsString("://")));
      }
      assertThat(name, not(is("src")));
      if (name.equals("href")) {
        assertThat(attribute.getValue(), startsWith("#flow-"));
      }
    }
    assertThat(html, not(containsString("@import")));
    assertThat(html.replace("url(#hatch)", ""), not(containsString("url(")));
    assertThat(text(page, "script") + text(page, "style"), not(containsString("//www")));
  }

  @Test
  void allowsItselfOnlyItsOwnScript() throws Exception {
    Document page = parse(HtmlReport.render(Rehearsals.agreeing()));

    byte[] hash =
        MessageDigest.getInstance("SHA-256")
            .digest(text(page, "script").getBytes(StandardCharsets.UTF_8));
    assertThat(
        attributes(page).stream().map(Attr::getValue).toList(),
        hasItem(
            allOf(
                startsWith("default-src 'none'; "),
                containsString(
                    "script-src 'sha256-" + Base64.getEncoder().encodeToString(hash) + "'"))));
  }

  @Test
  void everyLinkOnThePageLeadsSomewhere() throws Exception {
    Document page = parse(HtmlReport.render(Rehearsals.differing("ORD")));
    List<String> ids =
        attributes(page).stream()
            .filter(attribute -> attribute.getName().equals("id"))
            .map(Attr::getValue)
            .collect(toList());

    List<String> targets =
        attributes(page).stream()
            .filter(attribute -> attribute.getName().equals("href"))
            .map(attribute -> attribute.getValue().substring(1))
            .toList();

    assertThat(targets.size(), is(greaterThan(0)));
    targets.forEach(target -> assertThat(ids, hasItem(target)));
  }

  @Test
  void laysWindowsOutInTheZoneOfTheFlow() throws Exception {
    Document page = parse(HtmlReport.render(Rehearsals.agreeing()));

    List<Element> windows = byClass(page, "window");
    assertThat(windows, hasSize(164 + 7));
    assertThat(
        windows.get(0).getElementsByTagName("title").item(0).getTextContent(),
        allOf(
            startsWith("Mon, Jan 1, 00:00–01:00 · America/New_York\nlegacy: "),
            containsString("\nno row differs\nclosed in all lanes; by the stream lane 31")));
    assertThat(
        windows.get(164).getElementsByTagName("title").item(0).getTextContent(),
        startsWith("Mon, Jan 1 · America/New_York\nlegacy: 50 rows\nbatch: 50 rows\n"));
  }

  @Test
  void showsBothHoursThatTheClockGoesThroughTwice() {
    Instant first = Instant.parse("2001-10-28T05:00:00Z");
    Instant second = first.plusSeconds(3_600);
    Instant third = second.plusSeconds(3_600);
    List<WindowCell> cells =
        List.of(
            Rehearsals.cell(first, second, 3, 0, true, null),
            Rehearsals.cell(second, third, 5, 0, true, null),
            Rehearsals.cell(third, third.plusSeconds(3_600), 7, 0, true, null));
    FlowReport daily = Rehearsals.daily();

    HeatMap map =
        HeatMap.of(
            Rehearsals.flow("flights", daily.equal(), 15, cells, daily.panes(), 0, List.of()),
            Rehearsals.STARTED);

    assertThat(Rehearsals.ZONE, is(ZoneId.of("America/New_York")));
    assertThat(map.cells().stream().map(HeatMap.Cell::text).toList(), contains("3", "5", "7"));
    assertThat(map.cells().get(0).y(), is(map.cells().get(1).y()));
    assertThat(map.cells().get(0).x(), is(not(map.cells().get(1).x())));
    assertThat(map.cells().get(0).width(), is(map.cells().get(1).width()));
    assertThat(map.cells().get(2).y(), is(not(map.cells().get(1).y())));
  }

  @Test
  void theSameReportGivesTheSamePage() throws Exception {
    assertThat(
        HtmlReport.render(Rehearsals.differing("ORD")),
        is(equalTo(HtmlReport.render(Rehearsals.differing("ORD")))));
  }

  @Test
  void replacesTheFileAndLeavesNothingElse(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("reports").resolve("rehearsal.html");
    HtmlReport.write(Rehearsals.differing("ORD"), file);
    HtmlReport.write(Rehearsals.agreeing(), file);

    assertThat(Files.readString(file), is(HtmlReport.render(Rehearsals.agreeing())));
    assertThat(list(file.getParent()), contains(file));
  }

  @Test
  void leavesNothingBehindWhereItCannotWrite(@TempDir Path folder) throws Exception {
    Path taken = Files.createDirectories(folder.resolve("taken"));
    Files.writeString(taken.resolve("file"), "there");

    assertThrows(IOException.class, () -> HtmlReport.write(Rehearsals.agreeing(), taken));

    assertThat(list(folder), contains(taken));
    assertThat(list(taken), hasSize(1));
  }

  @Test
  void drawsWhatThereIsWhenNothingClosed() throws Exception {
    FlowReport open =
        Rehearsals.hourly(
            cell -> Rehearsals.cell(cell.start(), cell.end(), cell.rows(), 0, false, null));
    RehearsalReport full = Rehearsals.agreeing();
    RehearsalReport bare =
        new RehearsalReport(
            full.title(),
            full.startedAt(),
            full.crossfadeVersion(),
            full.inputDescription(),
            false,
            List.of(open),
            new Disorder(
                List.of(),
                full.disorder().median(),
                full.disorder().p99(),
                full.disorder().max(),
                List.of()),
            List.of(),
            Map.of());

    Document page = parse(HtmlReport.render(bare));

    assertThat(headline(page), is("This rehearsal does not show that the lanes agree"));
    assertThat(byClass(page, "climb"), is(empty()));
  }

  private static Document parse(String html) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setExpandEntityReferences(false);
    return factory.newDocumentBuilder().parse(new InputSource(new StringReader(html)));
  }

  private static String headline(Document page) {
    return text(page, "h1");
  }

  private static String text(Document page, String element) {
    return page.getElementsByTagName(element).item(0).getTextContent();
  }

  private static List<Element> elements(Document page) {
    NodeList all = page.getElementsByTagName("*");
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < all.getLength(); i++) {
      elements.add((Element) all.item(i));
    }
    return elements;
  }

  private static List<Element> byClass(Document page, String name) {
    return elements(page).stream()
        .filter(element -> Arrays.asList(element.getAttribute("class").split(" ")).contains(name))
        .toList();
  }

  private static List<Attr> attributes(Document page) {
    List<Attr> attributes = new ArrayList<>();
    for (Element element : elements(page)) {
      NamedNodeMap map = element.getAttributes();
      for (int i = 0; i < map.getLength(); i++) {
        attributes.add((Attr) map.item(i));
      }
    }
    return attributes;
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
