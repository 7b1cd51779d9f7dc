package dev.crossfade.transforms.results;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What is asked of decimals before anything is done with them: a number of a few bytes, such as
 * 1E+999999999, fills the memory once it is written out.
 */
public final class Decimals {
  private Decimals() {}

  /**
   * How many digits a number has before its point; 0 or less if the first digit that is not 0
   * stands after it.
   */
  public static long wholeDigits(BigDecimal number) {
    return number.signum() == 0 ? 0 : (long) number.precision() - number.scale();
  }

  /**
   * Whether a number has more than so many digits after its point, zeros at the end left aside.
   *
   * @param scale the digits that it may have
   */
  public static boolean hasMoreFractionDigits(BigDecimal number, int scale) {
    long beyond = (long) number.scale() - scale;
    if (number.signum() == 0 || beyond <= 0) {
      return false;
    }
    // As many zeros at the end as there are digits is none but zero.
    return beyond >= number.precision() || number.stripTrailingZeros().scale() > scale;
  }

  /**
   * The same number with so many digits after its point.
   *
   * @throws ArithmeticException if it has more
   */
  public static BigDecimal withScale(BigDecimal number, int scale) {
    return number.setScale(scale, RoundingMode.UNNECESSARY);
  }
}
