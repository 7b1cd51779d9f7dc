package dev.crossfade.io.credentials;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The credentials of one run, in the memory of the process that started it and nowhere else. Open
 * them before the graph is built, and close them when the run has ended: what the graph holds is
 * worth nothing then.
 */
public final class Credentials implements AutoCloseable {
  /** By run and connection. */
  private static final Map<String, Map<String, Map<String, String>>> OF_RUNS =
      new ConcurrentHashMap<>();

  private final String run = UUID.randomUUID().toString();
  private final String flow;

  private Credentials(String flow) {
    this.flow = flow;
    OF_RUNS.put(run, new ConcurrentHashMap<>());
  }

  /** The credentials of a run of a flow; there are none yet. */
  public static Credentials of(String flow) {
    return new Credentials(flow);
  }

  /**
   * Keeps what a connection must not show, and gives what may be serialized in its place.
   *
   * @param connection the connection, by its path in the settings, such as {@code sources.batch}
   * @param values what is withheld, by its path in the connection, such as {@code password}
   */
  public Withheld withhold(String connection, Map<String, String> values) {
    Map<String, Map<String, String>> ofRun = OF_RUNS.get(run);
    if (ofRun == null) {
      throw new IllegalStateException("the credentials of " + flow + " are closed");
    }
    ofRun.put(connection, Map.copyOf(values));
    return Withheld.kept(run, flow, connection, values.keySet());
  }

  /** What was kept of a connection; null if this process keeps nothing of it. */
  static Map<String, String> find(String run, String connection) {
    Map<String, Map<String, String>> ofRun = OF_RUNS.get(run);
    return ofRun == null ? null : ofRun.get(connection);
  }

  @Override
  public void close() {
    OF_RUNS.remove(run);
  }

  /** The flow. */
  @Override
  public String toString() {
    return "credentials of " + flow;
  }
}
