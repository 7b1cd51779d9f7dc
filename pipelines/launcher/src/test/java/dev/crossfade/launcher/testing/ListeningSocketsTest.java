package dev.crossfade.launcher.testing;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A watch that saw nothing would let every call pass. */
class ListeningSocketsTest {
  @BeforeEach
  void onLinux() {
    assumeTrue(ListeningSockets.canBeListed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::"})
  void aSocketThatOthersReachIsSeen(String address) throws Exception {
    ListeningSockets.Watch watch = ListeningSockets.Watch.over("a call");
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(address))) {
      port = socket.getLocalPort();
      assertThat(ports(watch.open()), hasItem(port));
      assertThat(
          ports(ListeningSockets.beyondLoopback(ListeningSockets.ofThisProcess())), hasItem(port));
      assertThat(ports(ListeningSockets.beyondLoopback(ListeningSockets.at(port))), hasItem(port));
    }
    AssertionError failure = assertThrows(AssertionError.class, watch::close);
    assertThat(failure.getMessage(), containsString("a call listened"));
    assertThat("it is remembered", failure.getMessage(), containsString(":" + port));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "::1"})
  void aSocketOfTheLoopbackAddressIsListedAndPasses(String address) throws Exception {
    try (ListeningSockets.Watch watch = ListeningSockets.Watch.over("a call");
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(address))) {
      int port = socket.getLocalPort();
      assertThat(ports(ListeningSockets.ofThisProcess()), hasItem(port));
      assertThat(ports(watch.open()), not(hasItem(port)));
    }
  }

  @Test
  void aSocketThatIsClosedIsNotListed() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    assertThat(ports(ListeningSockets.ofThisProcess()).contains(port), is(false));
  }

  private static Set<Integer> ports(Iterable<InetSocketAddress> sockets) {
    return java.util.stream.StreamSupport.stream(sockets.spliterator(), false)
        .map(InetSocketAddress::getPort)
        .collect(Collectors.toSet());
  }
}
