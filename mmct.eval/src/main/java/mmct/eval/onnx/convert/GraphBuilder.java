package mmct.eval.onnx.convert;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import mmct.eval.onnx.proto.Message;
import mmct.eval.onnx.proto.OnnxMessages;
import mmct.eval.onnx.spi.Graph;
import mmct.eval.onnx.spi.Node;
import mmct.eval.onnx.spi.Size;
import mmct.eval.onnx.spi.Tensor;

/// Collects nodes and constants.
final class GraphBuilder implements Graph {
  private final List<Message> nodes = new ArrayList<>();
  private final List<Initializer> initializers = new ArrayList<>();
  private final NameSpace names = new NameSpace();
  private final Map<Object, Tensor> made = new HashMap<>();
  private final SizeExpressions expressions = new SizeExpressions(this);
  private final Set<String> read = new HashSet<>();
  private final Map<String, String> origins = new HashMap<>();
  private final int operatorSet;
  private String origin = "";

  GraphBuilder(int operatorSet) {
    this.operatorSet = operatorSet;
  }

  @Override
  public int operatorSet() {
    return operatorSet;
  }

  /// Says which call the nodes that follow are made for.
  void from(String call) {
    origin = call;
  }

  /// Which call each node was made for, by the node's name.
  Map<String, String> origins() {
    return origins;
  }

  List<Message> nodes() {
    return nodes;
  }

  /// The weights and constants that a node reads.
  List<Initializer> initializers() {
    return initializers.stream().filter(i -> read.contains(i.name())).toList();
  }

  SizeExpressions expressions() {
    return expressions;
  }

  /// Takes a name for an input or output.
  String claim(String name) {
    return names.claim(name);
  }

  @Override
  public Node node(String operator) {
    return new NodeDescription(operator, this);
  }

  /// Adds a node.
  List<Tensor> add(
      String operator, List<String> inputs, List<DataType> types, List<Message> attributes) {
    String name = names.after(operator);
    origins.put(name, origin);
    read.addAll(inputs);
    List<Tensor> results = new ArrayList<>();
    for (DataType type : types) {
      String result = results.isEmpty() ? name : names.claim(name + "." + results.size());
      results.add(new Tensor(result, type));
    }
    List<String> outputs = results.stream().map(Tensor::name).toList();
    nodes.add(OnnxMessages.node(name, operator, inputs, outputs, attributes));
    return results;
  }

  /// Adds a node that gives a tensor a name.
  void alias(Tensor tensor, String name) {
    read.add(tensor.name());
    nodes.add(
        OnnxMessages.node(
            names.after("identity"), "Identity", List.of(tensor.name()), List.of(name), List.of()));
  }

  /// Makes something once, and hands out the same tensor from then on.
  Tensor once(Object key, Supplier<Tensor> maker) {
    Tensor known = made.get(key);
    if (known == null) {
      known = maker.get();
      made.put(key, known);
    }
    return known;
  }

  @Override
  public Tensor cast(Tensor tensor, DataType type) {
    boolean narrow = type == DataType.UINT8 || type == DataType.INT8 || type == DataType.INT16;
    if (narrow && !Types.isWhole(tensor.type())) {
      // From floats the engine goes by way of wide whole numbers, which wrap around.
      return cast(cast(tensor, DataType.INT64), type);
    }
    return tensor.type() == type
        ? tensor
        : once(
            List.of("cast", tensor, type),
            () -> node("Cast").in(tensor).with("to", OnnxMessages.elementType(type)).out(type));
  }

  @Override
  public Tensor integers(long... values) {
    return once(
        List.of("integers", Arrays.stream(values).boxed().toList()),
        () -> {
          ByteBuffer bytes = littleEndian(values.length * Long.BYTES);
          bytes.asLongBuffer().put(values);
          return constant(DataType.INT64, new long[] {values.length}, bytes);
        });
  }

  @Override
  public Tensor number(Number value, DataType type) {
    return once(
        List.of("number", value, type),
        () -> {
          ByteBuffer bytes = littleEndian(type.getNumOfBytes());
          switch (type) {
            case FLOAT32 -> bytes.putFloat(0, value.floatValue());
            case FLOAT64 -> bytes.putDouble(0, value.doubleValue());
            case FLOAT16 -> bytes.putShort(0, Float.floatToFloat16(value.floatValue()));
            case INT64 -> bytes.putLong(0, value.longValue());
            case INT32 -> bytes.putInt(0, value.intValue());
            case INT16, UINT16 -> bytes.putShort(0, value.shortValue());
            case INT8, UINT8 -> bytes.put(0, value.byteValue());
            case BOOLEAN -> bytes.put(0, (byte) (value.doubleValue() == 0 ? 0 : 1));
            default -> throw new IllegalArgumentException("no number has the type " + type);
          }
          return constant(type, new long[0], bytes);
        });
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private Tensor constant(DataType type, long[] shape, ByteBuffer bytes) {
    String name = names.claim("constant");
    initializers.add(
        new Initializer(
            name, type, shape, channel -> channel.write(bytes.duplicate().rewind()), false));
    return new Tensor(name, type);
  }

  /// Adds an array as a constant, in the element type given; computation sees the array's own.
  Tensor array(String wanted, NDArray array, DataType stored, boolean weight) {
    String name = names.claim(wanted);
    initializers.add(Initializer.of(name, array, stored, weight));
    return cast(new Tensor(name, stored), array.getDataType());
  }

  @Override
  public Tensor size(Size size) {
    return size.isFixed()
        ? number(size.first(), DataType.INT64)
        : once(
            List.of("scalar", size),
            () -> node("Squeeze").in(expressions.vector(size), integers(0)).out(DataType.INT64));
  }

  @Override
  public Tensor sizes(List<Size> sizes) {
    if (sizes.stream().allMatch(Size::isFixed)) {
      return integers(sizes.stream().mapToLong(Size::first).toArray());
    }
    List<Tensor> parts = sizes.stream().map(expressions::vector).toList();
    return parts.size() == 1
        ? parts.getFirst()
        : once(
            List.of("sizes", sizes),
            () -> node("Concat").in(parts).with("axis", 0).out(DataType.INT64));
  }
}
