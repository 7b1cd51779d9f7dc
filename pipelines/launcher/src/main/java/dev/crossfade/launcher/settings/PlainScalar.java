package dev.crossfade.launcher.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * What a scalar without quotes stands for, by the core schema of YAML 1.2: neither {@code no} nor
 * {@code 12:30} nor {@code 2001-01-01} is anything but text.
 */
final class PlainScalar {
  private static final Pattern NULL = Pattern.compile("|~|null|Null|NULL");
  private static final Pattern TRUE = Pattern.compile("true|True|TRUE");
  private static final Pattern FALSE = Pattern.compile("false|False|FALSE");
  private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]{1,18}");

  /**
   * An exponent of more digits would make a number that fills the memory once it is written out.
   */
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?");

  private PlainScalar() {}

  static boolean isNull(String text) {
    return NULL.matcher(text).matches();
  }

  static JsonNode resolve(String text) {
    if (isNull(text)) {
      return NullNode.getInstance();
    }
    if (TRUE.matcher(text).matches()) {
      return BooleanNode.TRUE;
    }
    if (FALSE.matcher(text).matches()) {
      return BooleanNode.FALSE;
    }
    if (INTEGER.matcher(text).matches()) {
      return LongNode.valueOf(Long.parseLong(text));
    }
    if (NUMBER.matcher(text).matches()) {
      return DecimalNode.valueOf(new BigDecimal(text));
    }
    return TextNode.valueOf(text);
  }
}
