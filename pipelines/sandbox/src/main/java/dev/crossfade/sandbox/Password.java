package dev.crossfade.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** A server's password: random, made once for its directory, and readable for its owner alone. */
final class Password {
  private static final int BYTES = 24;

  private Password() {}

  /** Where the password of a directory is. */
  static Path in(Path directory) {
    return directory.resolve("password");
  }

  /**
   * The password of a directory.
   *
   * @param directory made when it is missing, as is the password in it
   */
  static String of(Path directory) throws SandboxException {
    Path file = in(directory);
    try {
      if (Files.exists(file)) {
        String password = Files.readString(file, UTF_8).strip();
        if (!password.matches("[A-Za-z0-9_-]+")) {
          throw new SandboxException(
              "the file "
                  + file
                  + " does not hold a password as Crossfade makes them; put it back as it was");
        }
        return password;
      }
      String password = random();
      PrivateFiles.write(file, password + "\n");
      return password;
    } catch (IOException e) {
      throw new SandboxException("cannot read or write the password file " + file + ": " + e, e);
    }
  }

  /** Nobody guesses it, and no language has to quote it. */
  static String random() {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }
}
