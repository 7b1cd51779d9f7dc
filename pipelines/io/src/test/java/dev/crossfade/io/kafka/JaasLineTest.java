package dev.crossfade.io.kafka;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JaasLineTest {
  @Test
  void aLineThatKafkaReadsIsRight() {
    assertThat(
        JaasLine.whatIsWrong("a.B required username=\"u\" password=\"hun\\\"ter2\";"),
        is(Optional.empty()));
    assertThat(JaasLine.whatIsWrong(JaasLine.EXAMPLE), is(Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\0',
      delimiter = '|',
      value = {
        "a.B required username=\"u\" password=\"hunter2\"  | it does not end in a semicolon",
        "a.B username=\"u\" password=\"hunter2\";           | no required stands behind the class",
        "hunter2                                            | no required stands behind the class",
        "a.B required password hunter2;                     | is not written as name=\"value\"",
        "a.B required p=\"hunter2\"; c.D required q=\"r\";  | it names more than one login module",
        "a.B required password=\"hunter2;                   | it",
        "com.sun.security.auth.module.JndiLoginModule required; | does not allow"
      })
  void ofOneThatIsBrokenItIsToldWhyAndNothingIsQuoted(String line, String why) {
    String told = JaasLine.whatIsWrong(line).orElseThrow();
    assertThat(told, containsString(why));
    assertThat(told, not(containsString("hunter2")));
  }
}
