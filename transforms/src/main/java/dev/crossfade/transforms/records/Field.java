package dev.crossfade.transforms.records;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the field of the input that a component of an event's record is read from, where that is
 * not the component's own name in snake case: {@code @Field("order-id") String orderId}.
 *
 * <p>The name is that of a field of a JSON object, of a column in the header of a CSV file, or of a
 * column of a table, and is taken as it stands: {@code Shop} and {@code shop} are two fields, and
 * dots, blanks and quotes are characters like others. Two components cannot be read from one field.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Field {
  /** The field's name in the input. */
  String value();
}
