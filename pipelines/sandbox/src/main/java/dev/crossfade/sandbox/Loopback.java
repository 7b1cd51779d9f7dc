package dev.crossfade.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** The one address that the sandbox listens on, and free ports there. */
final class Loopback {
  /** By number, not by name: 'localhost' may well be ::1, where nobody listens. */
  static final String ADDRESS = "127.0.0.1";

  private Loopback() {}

  /** The same for a socket. */
  static InetAddress address() {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  /**
   * Ports that were free a moment ago. Another process may take one before it is used, so whoever
   * fails to bind asks again.
   */
  static List<Integer> freePorts(int count) throws SandboxException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      List<Integer> ports = new ArrayList<>();
      // All are held until the last is found, or the same one could be given twice.
      for (int i = 0; i < count; i++) {
        ServerSocket socket = new ServerSocket(0, 1, address());
        held.add(socket);
        ports.add(socket.getLocalPort());
      }
      return ports;
    } catch (IOException e) {
      throw new SandboxException("no free port on " + ADDRESS + ": " + e.getMessage(), e);
    } finally {
      for (ServerSocket socket : held) {
        closeQuietly(socket);
      }
    }
  }

  private static void closeQuietly(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException("a socket that was never connected does not close", e);
    }
  }
}
