package mmct.vision.detectron2;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A stack machine of the opcodes that `pickletools` lists, as many of them as a dictionary of
/// arrays needs. What a pickle would call is kept as a [Call].
final class PickleReader {
  /// A function's or class's full name, its arguments, and the state that the result was given.
  record Call(String function, List<?> arguments, List<Object> state) {}

  /// A class or function.
  private record Named(String name) {}

  private static final Object MARK = new Object();
  private static final String NONE = "None";

  private final ByteBuffer in;
  private final List<Object> stack = new ArrayList<>();

  private PickleReader(byte[] pickle) {
    in = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Runs a pickle to its end.
  static Object read(byte[] pickle) {
    return new PickleReader(pickle).run();
  }

  private Object run() {
    while (true) {
      int opcode = Byte.toUnsignedInt(in.get());
      switch (opcode) {
        case 0x80 -> in.get(); // PROTO
        case '}' -> stack.add(new LinkedHashMap<Object, Object>());
        case '(' -> stack.add(MARK);
        case 'u' -> setItems();
        case 't' -> stack.add(sinceMark());
        case 'R' -> reduce();
        case 'b' -> {
          Object state = stack.removeLast();
          ((Call) stack.getLast()).state().add(state);
        }
        case 'c' -> stack.add(new Named(line() + "." + line()));
        case 'N' -> stack.add(NONE);
        case 0x88 -> stack.add(true);
        case 0x89 -> stack.add(false);
        case 'X' -> stack.add(new String(bytes(), StandardCharsets.UTF_8));
        case 'B' -> stack.add(bytes());
        case 'J' -> stack.add(in.getInt());
        case '.' -> {
          if (stack.size() != 1 || in.hasRemaining()) {
            throw new AssertionError(stack.size() + " objects, " + in.remaining() + " bytes left");
          }
          return stack.getFirst();
        }
        default -> throw new AssertionError("opcode " + opcode + " at " + (in.position() - 1));
      }
    }
  }

  private void setItems() {
    List<Object> items = sinceMark();
    @SuppressWarnings("unchecked")
    Map<Object, Object> map = (Map<Object, Object>) stack.getLast();
    for (int i = 0; i < items.size(); i += 2) {
      map.put(items.get(i), items.get(i + 1));
    }
  }

  private List<Object> sinceMark() {
    int mark = stack.lastIndexOf(MARK);
    List<Object> items = List.copyOf(stack.subList(mark + 1, stack.size()));
    stack.subList(mark, stack.size()).clear();
    return items;
  }

  private void reduce() {
    List<?> arguments =
        ((List<?>) stack.removeLast())
            .stream().map(it -> it instanceof Named(String name) ? name : it).toList();
    stack.add(new Call(((Named) stack.removeLast()).name(), arguments, new ArrayList<>()));
  }

  private String line() {
    StringBuilder line = new StringBuilder();
    for (char c = (char) in.get(); c != '\n'; c = (char) in.get()) {
      line.append(c);
    }
    return line.toString();
  }

  private byte[] bytes() {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return bytes;
  }
}
