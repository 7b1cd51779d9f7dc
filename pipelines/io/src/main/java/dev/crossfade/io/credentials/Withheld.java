package dev.crossfade.io.credentials;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Values that a connection needs and that must not be serialized. What is serialized are their
 * names. The values are looked up each time, and kept nowhere here, so that a copy that was used
 * holds no more than one that was not.
 */
public final class Withheld implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String run;
  private final String flow;
  private final String connection;
  private final TreeSet<String> names;
  private final transient Map<String, String> inHand;

  private Withheld(
      String run, String flow, String connection, Set<String> names, Map<String, String> inHand) {
    this.run = run;
    this.flow = flow;
    this.connection = connection;
    this.names = new TreeSet<>(names);
    this.inHand = inHand;
  }

  static Withheld kept(String run, String flow, String connection, Set<String> names) {
    return new Withheld(run, flow, connection, names, null);
  }

  /**
   * Values for this process alone, such as those of a check before a run. They cannot be
   * serialized, unless there are none.
   */
  public static Withheld inHand(Map<String, String> values) {
    return new Withheld(UUID.randomUUID().toString(), "", "", values.keySet(), Map.copyOf(values));
  }

  /**
   * The values by name.
   *
   * @throws CredentialsException if this process does not have them
   */
  public Map<String, String> values() {
    return values(System.getenv());
  }

  Map<String, String> values(Map<String, String> environment) {
    if (names.isEmpty()) {
      return Map.of();
    }
    if (inHand != null) {
      return inHand;
    }
    Map<String, String> kept = Credentials.find(run, connection);
    return kept != null ? kept : CredentialsFile.named(environment).values(flow, connection, names);
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    if (inHand != null && !names.isEmpty()) {
      throw new NotSerializableException(
          "credentials in hand ("
              + String.join(", ", names)
              + "): they must not leave the process");
    }
    out.defaultWriteObject();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Withheld that
        && run.equals(that.run)
        && connection.equals(that.connection)
        && names.equals(that.names);
  }

  @Override
  public int hashCode() {
    return Objects.hash(run, connection, names);
  }

  /** The names. */
  @Override
  public String toString() {
    return names.toString();
  }
}
