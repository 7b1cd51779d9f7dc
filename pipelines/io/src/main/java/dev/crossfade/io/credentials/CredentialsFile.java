package dev.crossfade.io.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/**
 * The credentials of a worker: a properties file in UTF-8 whose keys are the paths of the settings,
 * such as {@code store.password}; {@code flights.store.password} goes before it for the flow
 * flights. It is read each time, so that a new password counts from the next connection on.
 */
final class CredentialsFile {
  /** The environment variable that names the file. */
  static final String VARIABLE = "CROSSFADE_CREDENTIALS";

  /** A group may read it: that is how Kubernetes gives secrets to a process that is not root. */
  private static final Set<PosixFilePermission> TOO_MUCH =
      PosixFilePermissions.fromString("----w-rwx");

  private final String path;

  private CredentialsFile(String path) {
    this.path = path;
  }

  /** The file that the environment names. */
  static CredentialsFile named(Map<String, String> environment) {
    String named = environment.get(VARIABLE);
    return new CredentialsFile(named == null || named.isBlank() ? null : named);
  }

  Map<String, String> values(String flow, String connection, Set<String> names) {
    if (path == null) {
      throw new CredentialsException(
          "this process has no credentials for "
              + connection
              + " of the flow "
              + flow
              + ": they are never sent with a job. Set "
              + VARIABLE
              + " for the job manager and for every task manager to a properties file that only"
              + " their user can read, with "
              + keys(connection, names));
    }
    Properties all = read();
    Map<String, String> values = new HashMap<>();
    List<String> missing = new ArrayList<>();
    for (String name : names) {
      String key = connection + "." + name;
      String value = all.getProperty(flow + "." + key, all.getProperty(key));
      if (value == null) {
        missing.add(name);
      } else {
        values.put(name, value);
      }
    }
    if (!missing.isEmpty()) {
      throw new CredentialsException(
          describe()
              + " lacks "
              + keys(connection, missing)
              + ", or the same after '"
              + flow
              + ".' for the flow "
              + flow
              + " alone");
    }
    return values;
  }

  private Properties read() {
    Path file = Path.of(path);
    try {
      Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
      if (rights.stream().anyMatch(TOO_MUCH::contains)) {
        throw new CredentialsException(
            describe()
                + " has the rights "
                + PosixFilePermissions.toString(rights)
                + ", with which others can read or write it; expected rw------- (chmod 600)");
      }
      Properties all = new Properties();
      try (Reader reader = Files.newBufferedReader(file, UTF_8)) {
        all.load(reader);
      }
      return all;
    } catch (UnsupportedOperationException e) {
      throw new CredentialsException(
          describe() + " is on a file system that does not say who may read it", e);
    } catch (CharacterCodingException e) {
      throw new CredentialsException(describe() + " is not text in UTF-8", e);
    } catch (IllegalArgumentException e) {
      // Its message is about an escape, and holds nothing of the file; its cause could.
      throw new CredentialsException(
          describe() + " has a \\u that no four hexadecimal digits follow; write \\\\ for \\");
    } catch (IOException e) {
      throw new CredentialsException(describe() + " cannot be read: " + e, e);
    }
  }

  private String describe() {
    return "the credentials file " + path + ", which " + VARIABLE + " names,";
  }

  private static String keys(String connection, Iterable<String> names) {
    List<String> keys = new ArrayList<>();
    names.forEach(name -> keys.add(connection + "." + name));
    return String.join(", ", keys);
  }
}
