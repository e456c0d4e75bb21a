package mmct.eval.onnx.convert;

import ai.djl.ndarray.types.DataType;
import mmct.eval.onnx.spi.Graph;
import mmct.eval.onnx.spi.OperatorConverters;
import mmct.eval.onnx.spi.Tensor;
import mmct.eval.onnx.spi.TracedCall;

/// Operations on each element: arithmetic, comparisons, logic.
final class Elementwise {
  private Elementwise() {}

  static OperatorConverters table() {
    Table table = new Table();
    arithmetic(table);
    functions(table);
    comparisons(table);
    table
        .one("logicalAnd", (c, g) -> logical("And", c, g))
        .one("logicalOr", (c, g) -> logical("Or", c, g))
        .one("logicalXor", (c, g) -> logical("Xor", c, g))
        .one("logicalNot", (c, g) -> not(g.cast(c.receiver(), DataType.BOOLEAN), g))
        .one("isNaN", (c, g) -> test("IsNaN", c, g))
        .one("isInfinite", (c, g) -> test("IsInf", c, g))
        .one("where", Elementwise::where)
        .one("clip", Elementwise::clip)
        .one("toType", (c, g) -> g.cast(c.receiver(), c.type()))
        .one("duplicate", (c, g) -> c.receiver())
        .one("toDevice", (c, g) -> c.receiver())
        .one("stopGradient", (c, g) -> c.receiver())
        .one("toDense", (c, g) -> c.receiver());
    return table;
  }

  private static void arithmetic(Table table) {
    table
        .one("add", (c, g) -> binary(c.type() == DataType.BOOLEAN ? "Or" : "Add", c, g))
        .one("sub", (c, g) -> binary("Sub", c, g))
        .one("mul", (c, g) -> binary(c.type() == DataType.BOOLEAN ? "And" : "Mul", c, g))
        .one("div", (c, g) -> binary("Div", c, g))
        .one("pow", Elementwise::power)
        .one("mod", Elementwise::remainder)
        .one("maximum", (c, g) -> binary("Max", c, g))
        .one("minimum", (c, g) -> binary("Min", c, g))
        .one("atan2", Elementwise::atan2)
        .one("xlogy", Elementwise::xlogy)
        .one("neg", (c, g) -> unary("Neg", c, g))
        .one("abs", (c, g) -> unary("Abs", c, g))
        .one("sign", Elementwise::sign)
        .one("square", Elementwise::square)
        .one("floor", (c, g) -> rounded("Floor", c, g))
        .one("ceil", (c, g) -> rounded("Ceil", c, g))
        .one("round", (c, g) -> rounded("Round", c, g))
        .one("trunc", Elementwise::truncated);
  }

  private static void functions(Table table) {
    table
        .one("exp", (c, g) -> unary("Exp", c, g))
        .one("log", (c, g) -> unary("Log", c, g))
        .one("log2", (c, g) -> scaled(unary("Log", c, g), 1 / Math.log(2), g))
        .one("log10", (c, g) -> scaled(unary("Log", c, g), 1 / Math.log(10), g))
        .one("sqrt", (c, g) -> unary("Sqrt", c, g))
        .one("cbrt", (c, g) -> power(g.cast(c.receiver(), c.type()), 1.0 / 3, g))
        .one("sin", (c, g) -> unary("Sin", c, g))
        .one("cos", (c, g) -> unary("Cos", c, g))
        .one("tan", (c, g) -> unary("Tan", c, g))
        .one("asin", (c, g) -> unary("Asin", c, g))
        .one("acos", (c, g) -> unary("Acos", c, g))
        .one("atan", (c, g) -> unary("Atan", c, g))
        .one("sinh", (c, g) -> unary("Sinh", c, g))
        .one("cosh", (c, g) -> unary("Cosh", c, g))
        .one("tanh", (c, g) -> unary("Tanh", c, g))
        .one("erf", (c, g) -> unary("Erf", c, g))
        .one("toDegrees", (c, g) -> scaled(unary("Identity", c, g), 180 / Math.PI, g))
        .one("toRadians", (c, g) -> scaled(unary("Identity", c, g), Math.PI / 180, g));
  }

  private static void comparisons(Table table) {
    table
        .one("eq", (c, g) -> compare("Equal", c, g))
        .one("neq", (c, g) -> not(compare("Equal", c, g), g))
        .one("gt", (c, g) -> compare("Greater", c, g))
        .one("gte", (c, g) -> compare("GreaterOrEqual", c, g))
        .one("lt", (c, g) -> compare("Less", c, g))
        .one("lte", (c, g) -> compare("LessOrEqual", c, g));
  }

  /// An operator of the receiver in the type of the result.
  static Tensor unary(String operator, TracedCall call, Graph graph) {
    DataType type = Types.computed(call.type());
    return graph.node(operator).in(graph.cast(call.receiver(), type)).out(type);
  }

  /// An operator of receiver and first argument, both in the type of the result.
  private static Tensor binary(String operator, TracedCall call, Graph graph) {
    boolean logical = operator.equals("Or") || operator.equals("And");
    DataType type = logical ? call.type() : Types.computed(call.type());
    Tensor one = graph.cast(graph.cast(call.receiver(), call.type()), type);
    Tensor other = graph.cast(graph.cast(call.operand(0), call.type()), type);
    return graph.node(operator).in(one, other).out(type);
  }

  private static Tensor logical(String operator, TracedCall call, Graph graph) {
    Tensor one = graph.cast(call.receiver(), DataType.BOOLEAN);
    Tensor other = graph.cast(call.operand(0), DataType.BOOLEAN);
    return graph.node(operator).in(one, other).out(DataType.BOOLEAN);
  }

  private static Tensor compare(String operator, TracedCall call, Graph graph) {
    Tensor one = call.receiver();
    Tensor other = call.operand(0);
    DataType common = Types.common(call, one, other);
    // ONNX orders no booleans.
    DataType type =
        common == DataType.BOOLEAN && operator.equals("Equal") ? common : Types.computed(common);
    return graph
        .node(operator)
        .in(graph.cast(graph.cast(one, common), type), graph.cast(graph.cast(other, common), type))
        .out(DataType.BOOLEAN);
  }

  private static Tensor test(String operator, TracedCall call, Graph graph) {
    Tensor tensor = call.receiver();
    DataType type = Types.isWhole(tensor.type()) ? DataType.FLOAT32 : tensor.type();
    return graph.node(operator).in(graph.cast(tensor, type)).out(DataType.BOOLEAN);
  }

  static Tensor not(Tensor tensor, Graph graph) {
    return graph.node("Not").in(tensor).out(DataType.BOOLEAN);
  }

  /// The tensor times a number.
  static Tensor scaled(Tensor tensor, double factor, Graph graph) {
    Tensor number = graph.number(factor, tensor.type());
    return graph.node("Mul").in(tensor, number).out(tensor.type());
  }

  /// The tensor to the power of a number.
  static Tensor power(Tensor tensor, double exponent, Graph graph) {
    Tensor number = graph.number(exponent, tensor.type());
    return graph.node("Pow").in(tensor, number).out(tensor.type());
  }

  /// Whole numbers are round already.
  private static Tensor rounded(String operator, TracedCall call, Graph graph) {
    return Types.isWhole(call.type()) ? call.receiver() : unary(operator, call, graph);
  }

  /// Towards zero, which keeps the sign of a zero.
  private static Tensor truncated(TracedCall call, Graph graph) {
    if (Types.isWhole(call.type())) {
      return call.receiver();
    }
    DataType type = call.type();
    Tensor tensor = graph.cast(call.receiver(), type);
    Tensor size = graph.node("Abs").in(tensor).out(type);
    Tensor whole = graph.node("Floor").in(size).out(type);
    return signed(whole, signBit(tensor, graph), graph);
  }

  private static Tensor square(TracedCall call, Graph graph) {
    DataType type = Types.computed(call.type());
    Tensor tensor = graph.cast(call.receiver(), type);
    return graph.node("Mul").in(tensor, tensor).out(type);
  }

  /// The engine gives what is not a number the sign 0.
  private static Tensor sign(TracedCall call, Graph graph) {
    Tensor sign = unary("Sign", call, graph);
    if (Types.isWhole(call.type())) {
      return sign;
    }
    Tensor none = test("IsNaN", call, graph);
    return graph.node("Where").in(none, graph.number(0, call.type()), sign).out(call.type());
  }

  /// Powers of whole numbers wrap around in the engine, and are rounded to floats by ONNX: so they
  /// are products.
  private static Tensor power(TracedCall call, Graph graph) {
    if (!Types.isWhole(call.type())) {
      return binary("Pow", call, graph);
    }
    if (call.isTensor(0)) {
      throw call.refusal("whole numbers are raised to powers that an array gives");
    }
    DataType type = Types.computed(call.type());
    Tensor base = graph.cast(graph.cast(call.receiver(), call.type()), type);
    int exponent = call.integer(0);
    if (exponent == 0) {
      Tensor none = graph.node("Mul").in(base, graph.number(0, type)).out(type);
      return graph.node("Add").in(none, graph.number(1, type)).out(type);
    }
    Tensor result = base;
    for (int bit = Integer.highestOneBit(exponent) >> 1; bit > 0; bit >>= 1) {
      result = graph.node("Mul").in(result, result).out(type);
      if ((exponent & bit) != 0) {
        result = graph.node("Mul").in(result, base).out(type);
      }
    }
    return result;
  }

  /// The remainder has the divisor's sign. The one of C, which has the dividend's, is exact
  /// whatever the sizes of both; where the signs differ the divisor is added.
  private static Tensor remainder(TracedCall call, Graph graph) {
    DataType type = call.type();
    if (Types.isWhole(type)) {
      return binary("Mod", call, graph);
    }
    Tensor dividend = graph.cast(call.receiver(), type);
    Tensor divisor = graph.cast(call.operand(0), type);
    Tensor zero = graph.number(0, type);
    Tensor rest = graph.node("Mod").in(dividend, divisor).with("fmod", 1).out(type);
    Tensor even = graph.node("Equal").in(rest, zero).out(DataType.BOOLEAN);
    Tensor left = graph.node("Less").in(rest, zero).out(DataType.BOOLEAN);
    Tensor right = graph.node("Less").in(divisor, zero).out(DataType.BOOLEAN);
    Tensor differ = graph.node("Xor").in(left, right).out(DataType.BOOLEAN);
    Tensor turned = graph.node("And").in(differ, not(even, graph)).out(DataType.BOOLEAN);
    Tensor moved = graph.node("Add").in(rest, divisor).out(type);
    return graph.node("Where").in(turned, moved, rest).out(type);
  }

  /// Where a float is below zero, or is the negative zero.
  private static Tensor signBit(Tensor tensor, Graph graph) {
    DataType type = tensor.type();
    Tensor zero = graph.number(0, type);
    Tensor isZero = graph.node("Equal").in(tensor, zero).out(DataType.BOOLEAN);
    // One over a negative zero is negative infinity.
    Tensor inverse = graph.node("Div").in(graph.number(1, type), tensor).out(type);
    Tensor sized = graph.node("Where").in(isZero, inverse, tensor).out(type);
    return graph.node("Less").in(sized, zero).out(DataType.BOOLEAN);
  }

  /// The angle of the point (|x|, |y|), mirrored where x or y has a minus, be it that of a zero.
  private static Tensor atan2(TracedCall call, Graph graph) {
    DataType type = call.type();
    Tensor y = graph.cast(call.receiver(), type);
    Tensor x = graph.cast(call.operand(0), type);
    Tensor height = graph.node("Abs").in(y).out(type);
    Tensor width = graph.node("Abs").in(x).out(type);
    Tensor same = graph.node("Equal").in(height, width).out(DataType.BOOLEAN);
    Tensor none = graph.node("Equal").in(height, graph.number(0, type)).out(DataType.BOOLEAN);
    Tensor diagonal =
        graph
            .node("Where")
            .in(none, graph.number(0, type), graph.number(Math.PI / 4, type))
            .out(type);
    Tensor ratio = graph.node("Div").in(height, width).out(type);
    Tensor slope = graph.node("Atan").in(ratio).out(type);
    Tensor angle = graph.node("Where").in(same, diagonal, slope).out(type);
    Tensor mirrored = graph.node("Sub").in(graph.number(Math.PI, type), angle).out(type);
    angle = graph.node("Where").in(signBit(x, graph), mirrored, angle).out(type);
    return signed(angle, signBit(y, graph), graph);
  }

  /// The tensor, with a minus where a condition holds. ONNX Runtime's choice between two tensors
  /// takes the sign off a zero that is chosen where the condition holds, its product does not.
  private static Tensor signed(Tensor tensor, Tensor minus, Graph graph) {
    DataType type = tensor.type();
    Tensor sign =
        graph.node("Where").in(minus, graph.number(-1, type), graph.number(1, type)).out(type);
    return graph.node("Mul").in(tensor, sign).out(type);
  }

  /// x log y, 0 where x is, and no number where y is none.
  private static Tensor xlogy(TracedCall call, Graph graph) {
    DataType type = call.type();
    Tensor x = graph.cast(call.receiver(), type);
    Tensor y = graph.cast(call.operand(0), type);
    Tensor log = graph.node("Log").in(y).out(type);
    Tensor product = graph.node("Mul").in(x, log).out(type);
    Tensor zero = graph.node("Equal").in(x, graph.number(0, type)).out(DataType.BOOLEAN);
    Tensor number = not(graph.node("IsNaN").in(y).out(DataType.BOOLEAN), graph);
    Tensor none = graph.node("And").in(zero, number).out(DataType.BOOLEAN);
    return graph.node("Where").in(none, graph.number(0, type), product).out(type);
  }

  private static Tensor where(TracedCall call, Graph graph) {
    DataType type = Types.computed(call.type());
    Tensor one = graph.cast(graph.cast(call.receiver(), call.type()), type);
    Tensor other = graph.cast(graph.cast(call.tensor(1), call.type()), type);
    Tensor condition = graph.cast(call.tensor(0), DataType.BOOLEAN);
    return graph.node("Where").in(condition, one, other).out(type);
  }

  private static Tensor clip(TracedCall call, Graph graph) {
    DataType type = Types.computed(call.type());
    Tensor least = graph.cast(graph.cast(call.operand(0), call.type()), type);
    Tensor most = graph.cast(graph.cast(call.operand(1), call.type()), type);
    Tensor tensor = graph.cast(graph.cast(call.receiver(), call.type()), type);
    return graph.node("Clip").in(tensor, least, most).out(type);
  }
}
