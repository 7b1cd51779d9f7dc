package dev.crossfade.launcher.settings;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import org.junit.jupiter.api.Test;

/** The schema does more than validate, so it is held to more than being valid. */
class FlowSchemaTest {
  @Test
  void isAValidSchema() {
    assertThat(
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(SchemaLocation.of(SchemaId.V202012))
            .validate(FlowSchema.root()),
        is(empty()));
  }

  /** Or else an error would find no words. */
  @Test
  void saysOfEverySettingWhatIsExpected() {
    check(FlowSchema.root());
    FlowSchema.root().get("$defs").forEach(FlowSchemaTest::check);
  }

  private static void check(JsonNode schema) {
    for (JsonNode property : schema.path("properties")) {
      if (!property.has("const")) {
        assertThat(FlowSchema.expected(property), is(not("")));
        check(property);
      }
    }
    if (schema.path("additionalProperties").isObject()) {
      check(schema.get("additionalProperties"));
    }
  }
}
