package dev.crossfade.launcher.fingerprints;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Type;

/**
 * What decides a flow's results: the class files reachable from it, its settings and its reference
 * data. Evidence that was gathered under one logic says nothing of another.
 *
 * <p>Classes are followed through what their files refer to. The JDK and libraries are not
 * followed: a change of theirs comes with a build, and shows in the tests of that build.
 */
public final class LogicFingerprint {
  /** Where the following of references ends. */
  private static final List<String> NOT_FOLLOWED =
      List.of(
          "java/",
          "javax/",
          "jdk/",
          "sun/",
          "org/apache/",
          "org/joda/",
          "org/slf4j/",
          "com/fasterxml/");

  private static final int CLASS = 7;
  private static final int NAME_AND_TYPE = 12;
  private static final int METHOD_TYPE = 16;

  private LogicFingerprint() {}

  /**
   * The fingerprint.
   *
   * @param roots the classes that the logic begins with, the flow's first
   * @param settings everything else that results depend on, as text that is equal if it is
   * @throws IllegalArgumentException if the class file of a root cannot be found
   */
  public static String of(List<Class<?>> roots, String settings) {
    StringBuilder text = new StringBuilder(settings).append('\n');
    reachable(roots)
        .forEach(
            (name, file) -> text.append(name).append(' ').append(Checksum.of(file)).append('\n'));
    return Checksum.of(text.toString());
  }

  /** The class files by name. */
  static Map<String, byte[]> reachable(List<Class<?>> roots) {
    // A flow's own loader sees what the flow sees.
    ClassLoader loader = roots.get(0).getClassLoader();
    Map<String, byte[]> files = new TreeMap<>();
    Set<String> seen = new TreeSet<>();
    Deque<String> next = new ArrayDeque<>();
    for (Class<?> root : roots) {
      seen.add(Type.getInternalName(root));
      next.add(Type.getInternalName(root));
    }
    while (!next.isEmpty()) {
      String name = next.remove();
      byte[] file = read(loader, name);
      if (file == null) {
        if (roots.stream().anyMatch(root -> Type.getInternalName(root).equals(name))) {
          throw new IllegalArgumentException(
              "the class file of " + name + " is not on the class path");
        }
        // Mentioned, but not there: an optional part of something. It cannot run either.
        continue;
      }
      files.put(name, file);
      for (String mentioned : mentioned(file)) {
        if (seen.add(mentioned) && NOT_FOLLOWED.stream().noneMatch(mentioned::startsWith)) {
          next.add(mentioned);
        }
      }
    }
    return files;
  }

  private static byte[] read(ClassLoader loader, String name) {
    try (InputStream in = loader.getResourceAsStream(name + ".class")) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the class file of " + name, e);
    }
  }

  /** The classes that a class file's constants name. */
  private static Set<String> mentioned(byte[] file) {
    Set<String> classes = new TreeSet<>();
    ClassReader reader = new ClassReader(file);
    char[] buffer = new char[reader.getMaxStringLength()];
    for (int i = 1; i < reader.getItemCount(); i++) {
      int item = reader.getItem(i);
      // The second half of a long or a double has no item.
      if (item == 0) {
        continue;
      }
      switch (reader.readByte(item - 1)) {
        case CLASS -> {
          String name = reader.readUTF8(item, buffer);
          add(name.startsWith("[") ? Type.getType(name) : Type.getObjectType(name), classes);
        }
        case NAME_AND_TYPE -> addDescriptor(reader.readUTF8(item + 2, buffer), classes);
        case METHOD_TYPE -> addDescriptor(reader.readUTF8(item, buffer), classes);
        default -> {
          // Names no class.
        }
      }
    }
    return classes;
  }

  private static void addDescriptor(String descriptor, Set<String> classes) {
    Type type = Type.getType(descriptor);
    if (type.getSort() == Type.METHOD) {
      add(type.getReturnType(), classes);
      for (Type argument : type.getArgumentTypes()) {
        add(argument, classes);
      }
    } else {
      add(type, classes);
    }
  }

  private static void add(Type type, Set<String> classes) {
    Type element = type.getSort() == Type.ARRAY ? type.getElementType() : type;
    if (element.getSort() == Type.OBJECT) {
      classes.add(element.getInternalName());
    }
  }
}
