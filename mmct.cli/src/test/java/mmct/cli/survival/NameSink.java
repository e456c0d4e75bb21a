package mmct.cli.survival;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The only host of a network of its own: it answers every name with an address, takes every
/// connection, and tells of each in a line. With the word `send` it is a program that sends.
final class NameSink {
  private static final int NAMES = 53;
  private static final List<Integer> PORTS = List.of(80, 443);

  private NameSink() {}

  public static void main(String[] words) throws Exception {
    if (Arrays.asList(words).contains("send")) {
      try (Socket socket = new Socket("telemetry.example", 443)) {
        socket.getOutputStream().write(1);
      }
      return;
    }
    try (DatagramSocket names = new DatagramSocket(NAMES)) {
      for (int port : PORTS) {
        Thread.ofPlatform().daemon().start(() -> take(port));
      }
      System.out.println("ready");
      while (true) {
        answer(names);
      }
    }
  }

  private static void take(int port) {
    try (ServerSocket server = new ServerSocket(port)) {
      while (true) {
        try (Socket _ = server.accept()) {
          System.out.println("connection " + port);
        }
      }
    } catch (IOException e) {
      System.out.println("no port " + port + ": " + e);
    }
  }

  /// A question of the Domain Name System (RFC 1035) gets one address of type A.
  private static void answer(DatagramSocket socket) throws IOException {
    byte[] bytes = new byte[4096];
    DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
    socket.receive(packet);
    StringBuilder name = new StringBuilder();
    int at = 12;
    while (bytes[at] != 0) {
      name.append(new String(bytes, at + 1, bytes[at], StandardCharsets.US_ASCII)).append('.');
      at += 1 + bytes[at];
    }
    System.out.println("name " + name);
    int end = at + 5;
    boolean ofVersion4 = bytes[at + 2] == 1;
    byte[] reply = Arrays.copyOf(bytes, end + (ofVersion4 ? 16 : 0));
    reply[2] = (byte) 0x81;
    reply[3] = (byte) 0x80;
    reply[7] = (byte) (ofVersion4 ? 1 : 0);
    Arrays.fill(reply, 8, 12, (byte) 0);
    if (ofVersion4) {
      byte[] address = InetAddress.ofLiteral("10.9.8.7").getAddress();
      byte[] head = {(byte) 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4};
      System.arraycopy(head, 0, reply, end, head.length);
      System.arraycopy(address, 0, reply, end + head.length, address.length);
    }
    socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
  }

  /// Lines that tell of something sent.
  static List<String> sent(String log) {
    try (Stream<String> lines = log.lines()) {
      return lines.filter(line -> !line.equals("ready")).toList();
    }
  }
}
