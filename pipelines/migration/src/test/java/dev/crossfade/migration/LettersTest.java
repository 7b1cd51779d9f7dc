package dev.crossfade.migration;

import static dev.crossfade.migration.PlantedLane.MONDAY;
import static dev.crossfade.migration.PlantedLane.TABLE;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LettersTest {
  private static final String FLOW = TABLE.flow();
  private static final LetterFilter ANY = LetterFilter.OPEN.withStatus();

  private Postgres postgres;
  private Store store;
  private PlantedLane batch;

  @BeforeEach
  void open() {
    postgres = Postgres.database();
    store = Store.open(postgres.asOwner());
    store.prepare(TABLE);
    batch = new PlantedLane(postgres, "batch");
  }

  @AfterEach
  void close() {
    store.close();
    postgres.close();
  }

  @Test
  void keepsARecordWholeWithAllThatIsKnownOfIt() {
    batch.dead(1, "f:3", MONDAY);
    batch.undecodable(1, "f:4");

    List<StoredLetter> letters = store.letters(FLOW, "batch", LetterFilter.OPEN);

    StoredLetter dead = letters.get(0);
    assertThat(dead.flow(), is(FLOW));
    assertThat(dead.lane(), is("batch"));
    assertThat(dead.origin(), is("f:3"));
    assertThat(dead.step(), is("COMPUTE"));
    assertThat(dead.cause(), is("ArithmeticException"));
    assertThat(dead.message(), is(Optional.of("is wrong")));
    assertThat(StandardCharsets.UTF_8.decode(dead.bytes()).toString(), is("abc"));
    assertThat("again", StandardCharsets.UTF_8.decode(dead.bytes()).toString(), is("abc"));
    assertThat(dead.eventTime(), is(Optional.of(MONDAY.start())));
    assertThat(dead.window(), is(Optional.of(MONDAY)));
    assertThat(dead.retryable(), is(false));
    assertThat(dead.logic(), is(Optional.of("l1")));
    assertThat(dead.run(), is(1L));
    assertThat(dead.firstRun(), is(1L));
    assertThat(dead.attempts(), is(1));
    assertThat(dead.lastSeen().isBefore(dead.firstSeen()), is(false));
    assertThat(dead.status(), is(LetterStatus.OPEN));
    assertThat(dead.resolvedBy(), is(Optional.empty()));
    assertThat(dead.resolvedReason(), is(Optional.empty()));
    assertThat(dead.resolvedAt(), is(Optional.empty()));
    assertThat(letters.get(1).eventTime(), is(Optional.empty()));
    assertThat(letters.get(1).window(), is(Optional.empty()));
  }

  @Test
  void countsTheRunsThatCouldNotProcessIt() {
    batch.undecodable(1, "f:4");
    Instant first = store.letters(FLOW, "batch", ANY).get(0).firstSeen();
    batch.undecodable(1, "f:4");
    batch.dead(3, "f:4", MONDAY);
    batch.undecodable(2, "f:4");

    StoredLetter letter = store.letters(FLOW, "batch", ANY).get(0);

    assertThat(letter.attempts(), is(2));
    assertThat(letter.firstRun(), is(1L));
    assertThat(letter.firstSeen(), is(first));
    assertThat(letter.lastSeen(), greaterThan(first));
    assertThat("as the latest run saw it", letter.run(), is(3L));
    assertThat(letter.step(), is("COMPUTE"));
    assertThat(
        "which runs saw it is noted for each",
        postgres.texts(
            "SELECT run || coalesce(' in a window ' || (window_end - window_start), '')"
                + " FROM crossfade.dead_letter_runs ORDER BY 1"),
        contains("1", "2", "3 in a window 1 day"));
  }

  @Test
  void findsByCauseOriginTimeAndStatus() {
    batch.undecodable(1, "f:1");
    batch.dead(1, "f:2", MONDAY);
    batch.dead(1, "f:3", MONDAY);
    new PlantedLane(postgres, "stream").dead(1, "s[0]:1", MONDAY);
    store.discard(FLOW, "batch", LetterFilter.OPEN.withOrigin("f:3"), "not needed");
    Instant second = store.letters(FLOW, "batch", ANY.withOrigin("f:2")).get(0).lastSeen();

    assertThat(origins(LetterFilter.OPEN), contains("f:1", "f:2"));
    assertThat(origins(ANY), contains("f:1", "f:2", "f:3"));
    assertThat(origins(ANY.withStatus(LetterStatus.DISCARDED)), contains("f:3"));
    assertThat(
        origins(ANY.withStatus(LetterStatus.OPEN, LetterStatus.DISCARDED)),
        contains("f:1", "f:2", "f:3"));
    assertThat(origins(ANY.withCause("UndecodableException")), contains("f:1"));
    assertThat(origins(ANY.withCause("' OR true --")), empty());
    assertThat(origins(ANY.withOrigin("f:2")), contains("f:2"));
    assertThat(origins(ANY.since(second)), contains("f:2", "f:3"));
    assertThat(origins(ANY.until(second)), contains("f:1"));
    assertThat(origins(ANY.first(2)), contains("f:1", "f:2"));
  }

  @Test
  void discardsWhatIsOpenAndSaysWhy() {
    batch.undecodable(1, "f:1");
    batch.undecodable(1, "f:2");
    batch.undecodable(1, "f:3");

    assertThat(store.discard(FLOW, "batch", LetterFilter.OPEN.first(2), "a till's test"), is(2));
    assertThat(store.discard(FLOW, "batch", ANY.first(2), "again"), is(0));

    assertThat(origins(LetterFilter.OPEN), contains("f:3"));
    StoredLetter letter = store.letters(FLOW, "batch", ANY).get(0);
    assertThat(letter.status(), is(LetterStatus.DISCARDED));
    assertThat(letter.resolvedReason(), is(Optional.of("a till's test")));
    assertThat(letter.resolvedBy(), is(Optional.empty()));
    assertThat(letter.resolvedAt().isPresent(), is(true));

    batch.undecodable(2, "f:1");
    assertThat("seen again, it stays so", origins(LetterFilter.OPEN), contains("f:3"));
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () -> store.discard(FLOW, "batch", LetterFilter.OPEN, " "))
            .getMessage(),
        containsString("not discarded without a reason"));
  }

  @Test
  void aLaneCountsTheLettersThatNoRunCouldProcess() {
    batch.undecodable(1, "f:1");
    batch.undecodable(1, "f:2");
    batch.undecodable(1, "f:3");
    store.discard(FLOW, "batch", LetterFilter.OPEN.withOrigin("f:2"), "not needed");
    postgres.sql(
        "UPDATE crossfade.dead_letters SET status = 'REPLAYED', resolved_by = 2"
            + " WHERE origin = 'f:3'");

    assertThat(store.laneStatus(TABLE).get(0).deadLetters(), is(2L));
  }

  @Test
  void refusesAFilterThatNoLetterCanPass() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> ANY.first(0)).getMessage(),
        containsString("take 1 at least"));
    assertThat(
        assertThrows(
                IllegalArgumentException.class, () -> ANY.since(MONDAY.end()).until(MONDAY.start()))
            .getMessage(),
        containsString("no letter is seen since " + MONDAY.end()));
  }

  private List<String> origins(LetterFilter filter) {
    return store.letters(FLOW, "batch", filter).stream().map(StoredLetter::origin).toList();
  }
}
