package dev.crossfade.transforms.records;

import java.io.Serializable;

/** How a record's fields are written as bytes. All text is UTF-8. */
public sealed interface RecordFormat extends Serializable {
  /**
   * One JSON object a record. Fields that the event's type does not have are passed over, but no
   * field may stand in the object twice: parsers differ in which of the two they take.
   */
  record Json() implements RecordFormat {}

  /**
   * One row of a database a record, written as a JSON object by whoever reads the table. Dates and
   * times that the database gives as such are written as ISO 8601.
   */
  record Row() implements RecordFormat {}

  /**
   * One line a record, with the fields' names in a header line. Quotes are those of RFC 4180, but a
   * record does not go on in the next line.
   *
   * @param delimiter what stands between two fields
   */
  record Csv(char delimiter) implements RecordFormat {}

  /** The fields of one record by name, read in the order they stand. */
  interface FieldReader {
    /**
     * Reads one record.
     *
     * @param header what {@link Block#header} gives
     * @param visitor is given each field until it wants no more
     * @throws UndecodableException if the record is not of this format
     */
    void read(String header, byte[] bytes, int offset, int length, FieldVisitor visitor)
        throws UndecodableException;

    /**
     * Reads one record of a block; the records of a block in their order are read faster than each
     * by itself.
     *
     * @throws UndecodableException if the record is not of this format
     */
    default void read(Block block, int index, FieldVisitor visitor) throws UndecodableException {
      read(block.header(), block.bytes(), block.start(index), block.length(index), visitor);
    }
  }

  /**
   * Is given the fields of a record. It may be given the first of them again, if they turn out not
   * to be what they seemed; {@link #begin} says so.
   */
  interface FieldVisitor {
    /** The first field comes next. */
    void begin();

    /**
     * Takes one field, of which it was asked last whether it is wanted.
     *
     * @param name the field's name as it stands in the record
     * @param text the value as text; null where the record says that there is none
     * @param kind what the value is, as far as the format tells
     * @return whether to go on
     */
    boolean field(String name, String text, ValueKind kind) throws UndecodableException;

    /**
     * Whether the value of a field of this name is wanted; what is not is passed over unread.
     *
     * @throws UndecodableException if no record has a field of this name there
     */
    boolean wants(String name) throws UndecodableException;
  }

  /** What a value is, as far as its format tells. */
  enum ValueKind {
    /** A text, or a value of a format that does not tell. */
    TEXT,
    /** A number. */
    NUMBER,
    /** True or false. */
    BOOLEAN,
    /** No value. */
    NULL,
    /** A list or an object. */
    NESTED
  }

  /** A reader of this format; not thread-safe. */
  default FieldReader reader() {
    return this instanceof Csv csv ? new CsvFields(csv.delimiter()) : new JsonFields();
  }
}
