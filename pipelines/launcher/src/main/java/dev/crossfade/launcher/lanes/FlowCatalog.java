package dev.crossfade.launcher.lanes;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.transforms.Flow;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The flows on the class path. */
public final class FlowCatalog {
  private final TreeMap<String, List<Flow<?>>> flows = new TreeMap<>();

  /** A catalog of these flows. */
  FlowCatalog(Iterable<? extends Flow<?>> all) {
    for (Flow<?> flow : all) {
      flows.computeIfAbsent(flow.name(), name -> new ArrayList<>()).add(flow);
    }
  }

  /** Finds the flows that are registered as services. */
  public static FlowCatalog load() {
    List<Flow<?>> all = new ArrayList<>();
    try {
      ServiceLoader.load(Flow.class).forEach(flow -> all.add((Flow<?>) flow));
    } catch (ServiceConfigurationError e) {
      throw new VerbException(
          ExitCode.USAGE,
          "a flow named in META-INF/services/" + Flow.class.getName() + ": " + e.getMessage(),
          e);
    }
    return new FlowCatalog(all);
  }

  /**
   * The flow of a name.
   *
   * @throws VerbException if there is none, or more than one
   */
  public Flow<?> find(String name) {
    List<Flow<?>> found = flows.getOrDefault(name, List.of());
    if (found.isEmpty()) {
      throw new VerbException(
          ExitCode.USAGE,
          "there is no flow '"
              + name
              + "' on the class path; there are "
              + flows.keySet()
              + ". A flow is registered in META-INF/services/"
              + Flow.class.getName());
    }
    if (found.size() > 1) {
      throw new VerbException(
          ExitCode.USAGE,
          "the flow name '"
              + name
              + "' is taken by "
              + found.stream().map(flow -> flow.getClass().getName()).toList()
              + "; a name belongs to one flow");
    }
    return found.get(0);
  }
}
