package dev.crossfade.migration;

/**
 * One way in which a table is not as it has to be.
 *
 * @param subject the column, or {@code primary key}, or the table itself
 * @param there what the database has, such as {@code integer} or {@code nothing}
 * @param needed what there has to be
 */
public record Deviation(String subject, String there, String needed) {
  @Override
  public String toString() {
    return subject + ": there is " + there + ", needed is " + needed;
  }
}
