package dev.crossfade.launcher.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Leads a settings file through its stations: text, tree, overrides, types, checks, records. */
final class SettingsLoader {
  /** More than anybody writes by hand, and less than takes long. */
  private static final int MOST_BYTES = 1 << 20;

  private SettingsLoader() {}

  static Settings load(Path file, List<String> overrides, Map<String, String> environment)
      throws SettingsException {
    Problems problems = new Problems();
    Optional<Tree.Branch> written =
        text(file, problems).flatMap(text -> YamlReader.read(file.toString(), text, problems));
    if (written.isEmpty()) {
      throw problems.toException();
    }
    Overrides.apply(overrides, written.get(), problems);
    TypedTree settings = TypedTree.of(written.get(), environment, problems);
    Path directory = file.toAbsolutePath().normalize().getParent();
    SchemaCheck.check(settings, problems);
    MeaningCheck.check(settings, directory, problems);
    ClientPropertiesFiles files =
        ClientPropertiesFiles.read(settings, directory, environment, problems);
    if (!problems.isEmpty()) {
      throw problems.toException();
    }
    return SettingsBinder.bind(settings, directory, files);
  }

  private static Optional<String> text(Path file, Problems problems) {
    Location location = new Location(file.toString(), 0, 0);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        problems.add(location, List.of(), "is larger than 1 MiB; expected the settings of a flow");
        return Optional.empty();
      }
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      problems.add(location, List.of(), "is not text in UTF-8");
    } catch (NoSuchFileException e) {
      problems.add(location, List.of(), "no such file; expected the settings of a flow");
    } catch (AccessDeniedException e) {
      problems.add(location, List.of(), "cannot be read: permission denied");
    } catch (IOException e) {
      problems.add(location, List.of(), "cannot be read: " + e.getMessage());
    }
    return Optional.empty();
  }
}
