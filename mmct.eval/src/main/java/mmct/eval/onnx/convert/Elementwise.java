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
        .one("pow", (c, g) -> binary("Pow", c, g))
        .one("mod", Elementwise::remainder)
        .one("maximum", (c, g) -> binary("Max", c, g))
        .one("minimum", (c, g) -> binary("Min", c, g))
        .one("atan2", Elementwise::atan2)
        .one("xlogy", Elementwise::xlogy)
        .one("neg", (c, g) -> unary("Neg", c, g))
        .one("abs", (c, g) -> unary("Abs", c, g))
        .one("sign", (c, g) -> unary("Sign", c, g))
        .one("square", (c, g) -> g.node("Mul").in(c.receiver(), c.receiver()).out(c.type()))
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
    return graph.node(operator).in(graph.cast(call.receiver(), call.type())).out(call.type());
  }

  /// An operator of receiver and first argument, both in the type of the result.
  private static Tensor binary(String operator, TracedCall call, Graph graph) {
    Tensor one = graph.cast(call.receiver(), call.type());
    Tensor other = graph.cast(call.operand(0), call.type());
    return graph.node(operator).in(one, other).out(call.type());
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
        common == DataType.BOOLEAN && !operator.equals("Equal") ? DataType.INT32 : common;
    return graph
        .node(operator)
        .in(graph.cast(one, type), graph.cast(other, type))
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

  private static Tensor truncated(TracedCall call, Graph graph) {
    if (Types.isWhole(call.type())) {
      return call.receiver();
    }
    Tensor size = unary("Abs", call, graph);
    Tensor whole = graph.node("Floor").in(size).out(call.type());
    return graph.node("Mul").in(whole, unary("Sign", call, graph)).out(call.type());
  }

  /// The remainder has the divisor's sign: x − ⌊x / y⌋ y.
  private static Tensor remainder(TracedCall call, Graph graph) {
    if (Types.isWhole(call.type())) {
      return binary("Mod", call, graph);
    }
    Tensor quotient = graph.node("Floor").in(binary("Div", call, graph)).out(call.type());
    Tensor divisor = graph.cast(call.operand(0), call.type());
    Tensor whole = graph.node("Mul").in(quotient, divisor).out(call.type());
    Tensor dividend = graph.cast(call.receiver(), call.type());
    return graph.node("Sub").in(dividend, whole).out(call.type());
  }

  /// The arc tangent of y / x, turned by π where x is negative, and 0 where both are.
  private static Tensor atan2(TracedCall call, Graph graph) {
    DataType type = call.type();
    Tensor y = graph.cast(call.receiver(), type);
    Tensor x = graph.cast(call.operand(0), type);
    Tensor zero = graph.number(0, type);
    Tensor ratio = graph.node("Div").in(y, x).out(type);
    Tensor noNumber = graph.node("IsNaN").in(ratio).out(DataType.BOOLEAN);
    Tensor safe = graph.node("Where").in(noNumber, zero, ratio).out(type);
    Tensor angle = graph.node("Atan").in(safe).out(type);
    Tensor below = graph.node("Less").in(y, zero).out(DataType.BOOLEAN);
    Tensor half = graph.number(Math.PI, type);
    Tensor turn = graph.node("Where").in(below, graph.number(-Math.PI, type), half).out(type);
    Tensor left = graph.node("Less").in(x, zero).out(DataType.BOOLEAN);
    Tensor added = graph.node("Where").in(left, turn, zero).out(type);
    return graph.node("Add").in(angle, added).out(type);
  }

  /// x log y, and 0 where x is.
  private static Tensor xlogy(TracedCall call, Graph graph) {
    DataType type = call.type();
    Tensor x = graph.cast(call.receiver(), type);
    Tensor log = graph.node("Log").in(graph.cast(call.operand(0), type)).out(type);
    Tensor product = graph.node("Mul").in(x, log).out(type);
    Tensor none = graph.node("Equal").in(x, graph.number(0, type)).out(DataType.BOOLEAN);
    return graph.node("Where").in(none, graph.number(0, type), product).out(type);
  }

  private static Tensor where(TracedCall call, Graph graph) {
    Tensor one = graph.cast(call.receiver(), call.type());
    Tensor other = graph.cast(call.tensor(1), call.type());
    Tensor condition = graph.cast(call.tensor(0), DataType.BOOLEAN);
    return graph.node("Where").in(condition, one, other).out(call.type());
  }

  private static Tensor clip(TracedCall call, Graph graph) {
    Tensor least = graph.cast(call.operand(0), call.type());
    Tensor most = graph.cast(call.operand(1), call.type());
    Tensor tensor = graph.cast(call.receiver(), call.type());
    return graph.node("Clip").in(tensor, least, most).out(call.type());
  }
}
