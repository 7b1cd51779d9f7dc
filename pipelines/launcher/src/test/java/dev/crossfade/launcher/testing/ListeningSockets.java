package dev.crossfade.launcher.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The sockets on which this process, and those that it has started, take connections. They are read
 * from {@code /proc}, so there are none where there is no Linux.
 */
public final class ListeningSockets {
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

  /** The state of a socket that listens, as the tables have it. */
  private static final String LISTENS = "0A";

  private ListeningSockets() {}

  /** Whether sockets can be listed here. */
  public static boolean canBeListed() {
    return Files.isReadable(TABLES.get(0));
  }

  /** Those of this process and its descendants. */
  public static Set<InetSocketAddress> ofThisProcess() {
    Map<String, InetSocketAddress> all = all();
    all.keySet().retainAll(held());
    return Set.copyOf(all.values());
  }

  /** Those at a port, whosoever they are. */
  public static Set<InetSocketAddress> at(int port) {
    return all().values().stream()
        .filter(address -> address.getPort() == port)
        .collect(Collectors.toSet());
  }

  /** Those that others than this machine may reach. */
  public static Set<InetSocketAddress> beyondLoopback(Collection<InetSocketAddress> sockets) {
    return sockets.stream()
        .filter(socket -> !socket.getAddress().isLoopbackAddress())
        .collect(Collectors.toSet());
  }

  /** All of this machine, by the number that the kernel gave them. */
  static Map<String, InetSocketAddress> all() {
    Map<String, InetSocketAddress> sockets = new HashMap<>();
    if (!canBeListed()) {
      return sockets;
    }
    for (Path table : TABLES) {
      try (Stream<String> lines = Files.lines(table)) {
        lines
            .skip(1)
            .map(line -> line.trim().split("\\s+"))
            .filter(fields -> fields[3].equals(LISTENS))
            .forEach(fields -> sockets.put(fields[9], address(fields[1])));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return sockets;
  }

  /** The numbers of the sockets that this process and its descendants hold. */
  static Set<String> held() {
    Set<String> numbers = new HashSet<>();
    ProcessHandle self = ProcessHandle.current();
    Stream.concat(Stream.of(self), self.descendants())
        .forEach(process -> numbers.addAll(held(process.pid())));
    return numbers;
  }

  private static Set<String> held(long process) {
    Set<String> numbers = new HashSet<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(Path.of("/proc", Long.toString(process), "fd"))) {
      for (Path file : files) {
        String target = target(file);
        if (target.startsWith("socket:[")) {
          numbers.add(target.substring("socket:[".length(), target.length() - 1));
        }
      }
      return numbers;
    } catch (FileSystemException e) {
      // A process that is gone by now listens no more.
      return numbers;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String target(Path file) throws IOException {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (FileSystemException e) {
      // It was closed meanwhile.
      return "";
    }
  }

  /** The kernel writes an address as words of 32 bits, each in the machine's order of bytes. */
  private static InetSocketAddress address(String written) {
    int colon = written.indexOf(':');
    byte[] words = HexFormat.of().parseHex(written.substring(0, colon));
    byte[] address = words;
    if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
      address = new byte[words.length];
      for (int i = 0; i < words.length; i++) {
        address[i] = words[i / 4 * 4 + 3 - i % 4];
      }
    }
    try {
      return new InetSocketAddress(
          InetAddress.getByAddress(address), Integer.parseInt(written.substring(colon + 1), 16));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 or 16 bytes are an address: " + written, e);
    }
  }

  /**
   * Watches this process for as long as it is open, and fails when it is closed if a socket
   * listened meanwhile that others than this machine may reach.
   */
  public static final class Watch implements AutoCloseable {
    private static final long PERIOD_MILLIS = 20;

    private final Map<String, InetSocketAddress> open = new HashMap<>();
    private final Set<String> ofOthers = new HashSet<>();
    private final String what;
    private ScheduledFuture<?> looking;
    private final ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "listening-sockets");
              thread.setDaemon(true);
              return thread;
            });

    private Watch(String what) {
      this.what = what;
    }

    /**
     * Begins to watch.
     *
     * @param what what is being done, for the message
     */
    public static Watch over(String what) {
      Watch watch = new Watch(what);
      watch.ofOthers.addAll(all().keySet());
      watch.ofOthers.removeAll(held());
      watch.looking =
          watch.clock.scheduleWithFixedDelay(watch::look, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
      return watch;
    }

    /** Whose a socket is costs more to find out, so it is asked once, of those that matter. */
    private synchronized void look() {
      Map<String, InetSocketAddress> fresh = all();
      fresh.keySet().removeAll(ofOthers);
      fresh.keySet().removeAll(open.keySet());
      fresh.values().removeIf(socket -> socket.getAddress().isLoopbackAddress());
      if (!fresh.isEmpty()) {
        Set<String> ours = held();
        fresh.forEach(
            (number, socket) -> {
              if (ours.contains(number)) {
                open.put(number, socket);
              } else {
                ofOthers.add(number);
              }
            });
      }
    }

    /** Those that were open to others until now. */
    public synchronized List<InetSocketAddress> open() {
      look();
      return new ArrayList<>(open.values());
    }

    @Override
    public void close() {
      if (looking.isDone()) {
        throw new AssertionError("nobody watched " + what);
      }
      clock.shutdown();
      List<InetSocketAddress> found = open();
      if (!found.isEmpty()) {
        throw new AssertionError(what + " listened where others reach it: " + found);
      }
    }
  }
}
