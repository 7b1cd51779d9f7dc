package dev.crossfade.io.kafka;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.util.SerializableUtils;

/**
 * The topics that a run reads, as they are to be read now. A runner keeps a split of a source in
 * its checkpoints with all that the split knew: after a resumption it would go to the brokers, and
 * ask for the credentials, of the run's first day. The options are always those of today.
 *
 * <p>They hold no credentials (see {@link dev.crossfade.io.credentials}). A runner shows options to
 * people, as text or as JSON, and there they say no more than the topics' names.
 */
public final class CurrentTopics {
  private final Map<String, TopicBlocks> byName;

  private CurrentTopics(Map<String, TopicBlocks> byName) {
    this.byName = byName;
  }

  /** Puts the way to read a topic into the options of a run. */
  static void put(PipelineOptions options, TopicBlocks source) {
    Options own = options.as(Options.class);
    Map<String, TopicBlocks> all = new HashMap<>();
    if (own.getCrossfadeTopics() != null) {
      all.putAll(own.getCrossfadeTopics().byName);
    }
    all.put(source.topic().name(), source);
    own.setCrossfadeTopics(new CurrentTopics(all));
  }

  /** How a topic is to be read now; as the other says, if the options say nothing. */
  static TopicBlocks of(PipelineOptions options, TopicBlocks otherwise) {
    CurrentTopics current = options.as(Options.class).getCrossfadeTopics();
    return current == null
        ? otherwise
        : current.byName.getOrDefault(otherwise.topic().name(), otherwise);
  }

  /** What {@link #sealed} gave. */
  @JsonCreator
  public static CurrentTopics of(@JsonProperty("sealed") String sealed) {
    @SuppressWarnings("unchecked") // What was sealed here.
    Map<String, TopicBlocks> byName =
        (Map<String, TopicBlocks>)
            SerializableUtils.deserializeFromByteArray(
                Base64.getDecoder().decode(sealed), "topics");
    return new CurrentTopics(byName);
  }

  /** For the runner, which takes options to its workers as JSON. */
  @JsonProperty("sealed")
  public String sealed() {
    return Base64.getEncoder()
        .encodeToString(SerializableUtils.serializeToByteArray(new HashMap<>(byName)));
  }

  /** The topics' names. */
  @Override
  public String toString() {
    return byName.keySet().toString();
  }

  /** Set by the graph, and not meant for people. */
  public interface Options extends PipelineOptions {
    /** The topics that the graph reads. */
    CurrentTopics getCrossfadeTopics();

    /** Replaces them. */
    void setCrossfadeTopics(CurrentTopics topics);
  }
}
