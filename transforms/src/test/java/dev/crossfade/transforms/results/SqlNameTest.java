package dev.crossfade.transforms.results;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SqlNameTest {
  @Test
  void partsWithoutQuotesAreInLowerCase() {
    assertQuoted("orders", "\"orders\"");
    assertQuoted("Sales.ORDERS_2$", "\"sales\".\"orders_2$\"");
    assertQuoted("_a.user", "\"_a\".\"user\"");
    // PostgreSQL knows the lower case of ASCII's letters only.
    assertQuoted("\u00c4pfel.\u00dcbung", "\"\u00c4pfel\".\"\u00dcbung\"");
  }

  @Test
  void partsWithinQuotesStandAsTheyAre() {
    assertQuoted("\"Order Items\"", "\"Order Items\"");
    assertQuoted("\"Sales.2001\".\"a \"\"b\"\"\"", "\"Sales.2001\".\"a \"\"b\"\"\"");
    assertQuoted("Public.\"X\"", "\"public\".\"X\"");
    assertThat(SqlName.parse("db.\"S p\".Table").quotedBy("`"), is("db.`S p`.Table"));
    assertThat(SqlName.parse("\"a`b\"").quotedBy("`"), is("`a``b`"));
  }

  @Test
  void whatIsNoNameIsRefused() {
    for (String text :
        new String[] {
          "", ".", "a.", ".a", "a b", "1a", "$a", "\"\"", "\"a", "a\"b\"", "\"a\"b", "a;b", "a-b"
        }) {
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> SqlName.parse(text), text);
      assertThat(refused.getMessage(), containsString("'" + text + "'"));
    }
  }

  private static void assertQuoted(String name, String quoted) {
    assertThat(SqlName.parse(name).quotedForPostgres(), is(quoted));
    assertThat(
        "as it stands in a statement", SqlName.parse(quoted).quotedForPostgres(), is(quoted));
  }
}
