package dev.crossfade.launcher.lanes;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import java.util.List;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.junit.jupiter.api.Test;

class RunnerOptionsTest {
  @Test
  void takesTheRunnerThatIsThere() {
    assertThat(RunnerOptions.nameOf(RunnerOptions.parse(List.of())), is("DirectRunner"));
  }

  @Test
  void namesTheRunnersThatAreThereWhereOneIsNot() {
    VerbException e =
        assertThrows(
            VerbException.class, () -> RunnerOptions.parse(List.of("--runner=SparkRunner")));

    assertThat(e.exitCode(), is(ExitCode.USAGE));
    assertThat(
        e.getMessage(),
        is("--runner=SparkRunner: this jar has no such runner; it has DirectRunner"));
  }

  @Test
  void refusesAnOptionThatNobodyHas() {
    VerbException e =
        assertThrows(VerbException.class, () -> RunnerOptions.parse(List.of("--paralelism=2")));

    assertThat(e.exitCode(), is(ExitCode.USAGE));
    assertThat(e.getMessage(), containsString("paralelism"));
  }

  @Test
  void setsDefaultsOnlyWhereNothingIsGiven() {
    assertThat(direct().isEnforceImmutability(), is(false));
    assertThat(direct("--enforceImmutability=true").isEnforceImmutability(), is(true));
    assertThat(direct("--enforceImmutability=true").isEnforceEncodability(), is(false));
  }

  /** Which Beam takes for true. */
  @Test
  void anOptionWithoutAValueIsGivenToo() {
    assertThat(direct("--enforceImmutability").isEnforceImmutability(), is(true));
  }

  private static DirectOptions direct(String... arguments) {
    PipelineOptions options = RunnerOptions.parse(List.of(arguments));
    return options.as(DirectOptions.class);
  }
}
