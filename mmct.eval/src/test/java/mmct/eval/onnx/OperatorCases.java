package mmct.eval.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Activation;
import java.util.Map;
import java.util.function.Function;

/// Operations on each element, reductions, orders and activations.
final class OperatorCases extends Cases {
  private static final DataType F = DataType.FLOAT32;
  private static final DataType L = DataType.INT64;
  private static final DataType I = DataType.INT32;
  private static final DataType B = DataType.BOOLEAN;

  private OperatorCases() {}

  static Map<String, Function<NDList, NDArray>> all() {
    OperatorCases all = new OperatorCases();
    all.arithmetic();
    all.mixedTypes();
    all.functions();
    all.comparisons();
    all.inPlace();
    all.reductions();
    all.orders();
    all.activations();
    return all.cases;
  }

  private void arithmetic() {
    two("add", NDArray::add);
    two("sub", NDArray::sub);
    two("mul", NDArray::mul);
    two("div", NDArray::div);
    two("pow", (a, b) -> a.abs().pow(b));
    two("mod", NDArray::mod);
    two("maximum", NDArray::maximum);
    two("minimum", NDArray::minimum);
    two("atan2", NDArray::atan2);
    two("xlogy", (a, b) -> a.xlogy(b.abs().add(0.1f)));
    one("add number", a -> a.add(2));
    one("div number", a -> a.div(3.5f));
    one("mod number", a -> a.mod(0.7f));
    one("pow number", a -> a.pow(2));
    one("number minus array", a -> NDArrays.sub(1, a));
    one("number over array", a -> NDArrays.div(2f, a.abs().add(1)));
    one("number to the array", a -> NDArrays.pow(2f, a));
    one("number mod array", a -> NDArrays.mod(5f, a.abs().add(1)));
    two("broadcast rows", (a, b) -> a.add(b.get(":, 0:1, :")));
    two("broadcast from the right", (a, b) -> a.mul(b.get("0, 0")));
    one("scaleGradient", a -> a.scaleGradient(0.5));
  }

  private void mixedTypes() {
    ids("whole plus float array", (a, i) -> i.add(a.get(":, :, 0")));
    ids("float plus whole array", (a, i) -> a.get(":, :, 0").add(i));
    ids("whole over whole", (a, i) -> i.div(i.add(1)));
    ids("whole times float number", (a, i) -> i.mul(0.5f));
    ids("whole plus whole number", (a, i) -> i.add(2));
    ids("whole mod whole", (a, i) -> i.mod(3).sub(i.neg().mod(4)));
    ids("whole to a power", (a, i) -> i.pow(2));
    ids("whole against float number", (a, i) -> i.gt(2.5f));
    ids("whole against float array", (a, i) -> i.gte(a.get(":, :, 0")));
    ids("int32 and int64", (a, i) -> i.toType(I, false).add(i).maximum(i.toType(I, false)));
    ids("boolean times float", (a, i) -> i.gt(2).mul(a.get(":, :, 1")));
    ids("boolean plus boolean", (a, i) -> i.gt(2).add(i.eq(0)).mul(i.neq(5)));
    ids("sum of booleans", (a, i) -> i.gt(2).sum(new int[] {1}));
    ids("mean of cast", (a, i) -> i.toType(F, false).mean(new int[] {1}));
    ids("double", (a, i) -> a.toType(DataType.FLOAT64, false).mul(0.1).add(1));
    ids("root of whole", (a, i) -> i.sqrt());
    ids("rounded whole", (a, i) -> i.floor().add(i.trunc()).add(i.round()));
    ids("join of types", (a, i) -> a.get(":, :, 0").concat(i.toType(F, false), 1));
  }

  private void functions() {
    one("neg", NDArray::neg);
    one("abs", NDArray::abs);
    one("sign", NDArray::sign);
    one("square", NDArray::square);
    one("sqrt", a -> a.abs().sqrt());
    one("cbrt", a -> a.abs().add(0.1f).cbrt());
    one("floor", NDArray::floor);
    one("ceil", NDArray::ceil);
    one("round", a -> a.mul(2).round());
    one("trunc", a -> a.mul(3).trunc());
    one("exp", NDArray::exp);
    one("log", a -> a.abs().add(0.1f).log());
    one("log2", a -> a.abs().add(0.1f).log2());
    one("log10", a -> a.abs().add(0.1f).log10());
    one("sin", NDArray::sin);
    one("cos", NDArray::cos);
    one("tan", a -> a.clip(-1, 1).tan());
    one("asin", a -> a.clip(-0.9, 0.9).asin());
    one("acos", a -> a.clip(-0.9, 0.9).acos());
    one("atan", NDArray::atan);
    one("sinh", NDArray::sinh);
    one("cosh", NDArray::cosh);
    one("tanh", NDArray::tanh);
    one("erf", NDArray::erf);
    one("toDegrees", NDArray::toDegrees);
    one("toRadians", NDArray::toRadians);
    one("clip", a -> a.clip(-0.5f, 1));
    one("toType", a -> a.mul(3).toType(L, false));
    one("duplicate", a -> a.duplicate().stopGradient().toDense().add(1));
  }

  private void comparisons() {
    two("eq", (a, b) -> a.round().eq(b.round()));
    two("neq", (a, b) -> a.round().neq(b.round()));
    two("gt", NDArray::gt);
    two("gte", NDArray::gte);
    two("lt", NDArray::lt);
    two("lte", NDArray::lte);
    one("eq number", a -> a.round().eq(1));
    two("logicalAnd", (a, b) -> a.gt(0).logicalAnd(b.gt(0)));
    two("logicalOr", (a, b) -> a.gt(0).logicalOr(b.gt(0)));
    two("logicalXor", (a, b) -> a.gt(0).logicalXor(b.gt(0)));
    one("logicalNot", a -> a.gt(0).logicalNot());
    two("order of booleans", (a, b) -> a.gt(0).gt(b.gt(0)));
    one("isNaN", a -> a.log().isNaN());
    one("isInfinite", a -> a.div(a.floor()).isInfinite());
    two("where", (a, b) -> NDArrays.where(a.gt(0), a, b));
    two("where with a number", (a, b) -> NDArrays.where(a.gt(0), a, a.zerosLike().sub(1)));
  }

  private void inPlace() {
    two("addi", (a, b) -> a.duplicate().addi(b).muli(2).subi(1).divi(b.abs().add(1)));
    one("powi", a -> a.abs().powi(2).modi(3).negi().signi());
    ids("in place keeps the type", (a, i) -> i.duplicate().muli(2).addi(1));
    two(
        "in place is seen through the other name",
        (a, b) -> {
          NDArray sum = a.mul(1);
          NDArray same = sum;
          sum.addi(b);
          return same.mul(2);
        });
    one("rsubi", a -> ex(a.duplicate()).rsubi(1));
    one("intern", a -> interned(a.mul(2), a.add(1)));
  }

  private static NDArray interned(NDArray one, NDArray other) {
    one.intern(other);
    return one;
  }

  private void reductions() {
    one("sum of all", a -> a.sum().add(a));
    one("sum", a -> a.sum(new int[] {1}));
    one("sum of axes", a -> a.sum(new int[] {1, 2}, true));
    one("mean", a -> a.mean(new int[] {-1}, true));
    one("mean of all", a -> a.mean().mul(a));
    one("max", a -> a.max(new int[] {2}));
    one("max of all", a -> a.max().sub(a));
    one("min", a -> a.min(new int[] {1}, true));
    one("prod", a -> a.prod(new int[] {1}));
    one("prod of all", a -> a.abs().clip(0.9, 1.1).prod().add(a));
    one("all", a -> a.gt(-1).all().add(a.get(":, 0, 0")));
    one("any", a -> a.gt(2).any().add(a.get(":, 0, 0")));
    one("none", a -> a.gt(2).none().add(a.get(":, 0, 0")));
    one("countNonzero", a -> a.gt(0).countNonzero(1));
    one("norm", a -> a.norm(new int[] {2}));
    one("norm of all", a -> a.norm().add(a));
    one("norm of order 1", a -> a.norm(1, new int[] {1}, true));
    one("norm of order 3", a -> a.norm(3, new int[] {1, 2}, false));
    one("normalize", a -> a.normalize(2, 2));
    one("normalize of order 1", a -> a.normalize(1, 1, 1e-3));
    one("cumSum", a -> a.cumSum(1).add(a.cumSum()));
    ids("cumSum of whole", (a, i) -> i.cumSum(1));
    one("softmax", a -> a.softmax(-1).add(a.softmax(1)));
    one("logSoftmax", a -> a.logSoftmax(2));
  }

  private void orders() {
    one("argMax", a -> a.argMax(2));
    one("argMax of all", a -> a.get("0").argMax().add(a.zerosLike()));
    one("argMin", a -> a.argMin(1));
    one("topK values", a -> a.topK(3, 2).get(0));
    one("topK places", a -> a.topK(2, 2, false, true).get(1));
    one("sort", a -> a.sort().add(a.sort(1)));
    one("argSort", a -> a.argSort(2));
    one("argSort falling", a -> a.argSort(1, false));
    one(
        "median",
        a -> a.median(new int[] {2}).add(a.median(new int[] {1}).sum(new int[] {1}, true)));
  }

  private void activations() {
    one("relu", Activation::relu);
    one("sigmoid", Activation::sigmoid);
    one("activation tanh", Activation::tanh);
    one("softPlus", a -> Activation.softPlus(a.mul(10)));
    one("softSign", Activation::softSign);
    one("leakyRelu", a -> Activation.leakyRelu(a, 0.2f));
    one("elu", a -> Activation.elu(a, 1.3f));
    one("selu", Activation::selu);
    one("gelu", Activation::gelu);
    one("swish", a -> Activation.swish(a, 1));
    one("mish", Activation::mish);
    one("relu6", Activation::relu6);
    one("hard swish", a -> a.mul(a.add(3).clip(0, 6)).div(6));
    one("dropout", a -> ex(a).dropout(a, 0.5f, false).singletonOrThrow().add(1));
    one("image to tensor", a -> ex(a.expandDims(3)).toTensor().squeeze(1));
    one(
        "image normalised",
        a ->
            ex(a.expandDims(1).repeat(1, 3))
                .normalize(new float[] {1, 2, 3}, new float[] {2, 2, 2}));
    one(
        "interpolation nearest",
        a -> ex(a.expandDims(1)).interpolation(new long[] {8, 9}, 0, false));
    one(
        "interpolation linear",
        a -> ex(a.expandDims(1)).interpolation(new long[] {7, 13}, 1, false));
  }
}
