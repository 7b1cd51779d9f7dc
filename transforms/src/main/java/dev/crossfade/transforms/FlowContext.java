package dev.crossfade.transforms;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a flow may know when it is defined: the parameters and the reference tables that its
 * settings name. Both are read when the graph is built and do not change during a run, in any lane.
 */
public final class FlowContext {
  private final Map<String, String> parameters;
  private final Map<String, ReferenceTable> references;
  private final Set<String> read = new TreeSet<>();

  /** A context of these parameters and reference tables. */
  public FlowContext(Map<String, String> parameters, Map<String, ReferenceTable> references) {
    this.parameters = Map.copyOf(parameters);
    this.references = Map.copyOf(references);
  }

  /** A context with nothing in it. */
  public static FlowContext empty() {
    return new FlowContext(Map.of(), Map.of());
  }

  /** A parameter as text, or {@code otherwise} where the settings do not name it. */
  public String parameter(String name, String otherwise) {
    read.add(name);
    return parameters.getOrDefault(name, otherwise);
  }

  /**
   * A parameter as a whole number in the digits 0 to 9, or {@code otherwise} where the settings do
   * not name it.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public int parameter(String name, int otherwise) {
    String text = parameter(name, Integer.toString(otherwise));
    try {
      // Java takes the digits of every script.
      if (text.chars().allMatch(c -> c < 0x80)) {
        return Integer.parseInt(text);
      }
    } catch (NumberFormatException e) {
      // The same as digits of another script.
    }
    throw new IllegalArgumentException(
        "parameters." + name + " is '" + text + "'; expected a whole number");
  }

  /**
   * A reference table.
   *
   * @throws IllegalArgumentException if the settings name none of that name
   */
  public ReferenceTable reference(String name) {
    ReferenceTable table = references.get(name);
    if (table == null) {
      throw new IllegalArgumentException(
          "the flow reads references."
              + name
              + ", which its settings do not name; they name "
              + new TreeSet<>(references.keySet()));
    }
    return table;
  }

  /**
   * The parameters that the settings name and no flow has asked for: misspelt ones, most likely.
   */
  public Set<String> unreadParameters() {
    Set<String> unread = new TreeSet<>(parameters.keySet());
    unread.removeAll(read);
    return unread;
  }

  /** The parameters that the flow has asked for. */
  public Set<String> readParameters() {
    return new TreeSet<>(read);
  }
}
