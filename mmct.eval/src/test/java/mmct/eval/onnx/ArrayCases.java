package mmct.eval.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.recurrent.RNN;
import java.util.Map;
import java.util.function.Function;

/// Operations that move, read, write, make and multiply arrays.
final class ArrayCases extends Cases {
  private static final DataType I = DataType.INT32;

  private ArrayCases() {}

  static Map<String, Function<NDList, NDArray>> all() {
    ArrayCases all = new ArrayCases();
    all.shapes();
    all.reading();
    all.writing();
    all.creation();
    all.sizes();
    all.matrices();
    all.recurrences();
    return all.cases;
  }

  private static NDManager manager(NDArray array) {
    return array.getManager();
  }

  private static long rows(NDArray array) {
    return array.getShape().get(0);
  }

  private void shapes() {
    one("reshape", a -> a.reshape(-1, 24));
    one("reshape by sizes", a -> a.reshape(rows(a), 4, 2, 3));
    one("reshape of all", a -> a.reshape(rows(a) * 2, 12).sum(new int[] {1}).reshape(-1, 2));
    one("flatten", a -> a.flatten(1, 2).add(a.flatten().reshape(rows(a), 24)));
    one("expandDims", a -> a.expandDims(1).expandDims(-1).sum(new int[] {1}));
    one("squeeze", a -> a.sum(new int[] {1}, true).squeeze(1));
    one("squeeze all", a -> a.sum(new int[] {1, 2}, true).squeeze(new int[] {1, 2}));
    one("squeeze whatever", a -> a.sum(new int[] {2}, true).squeeze());
    one("squeeze nothing", a -> a.squeeze(1));
    one("transpose", a -> a.transpose(0, 2, 1).add(a.transpose().transpose(2, 0, 1)));
    one("swapAxes", a -> a.swapAxes(1, 2));
    one("broadcast", a -> a.get(":, 0:1").broadcast(rows(a), 5, 6));
    two("stack", (a, b) -> NDArrays.stack(new NDList(a, b), 1));
    two("stack last", (a, b) -> a.stack(b, -1));
    two("concat", (a, b) -> NDArrays.concat(new NDList(a, b, a), 1));
    one("split", a -> a.split(2, 2).get(1));
    one(
        "split at",
        a -> a.split(new long[] {1, 3}, 2).get(1).add(a.split(new long[] {4}, 2).get(1)));
    one("tile", a -> a.tile(2).add(a.tile(new long[] {2, 2, 2})));
    one("tile in front", a -> a.get("0, 0").tile(new long[] {rows(a), 2}));
    one("repeat", a -> a.repeat(1, 3).add(a.repeat(new long[] {1, 3, 1})));
    one("repeat all", a -> a.repeat(2).sum(new int[] {1}));
    one("repeat to a shape", a -> a.repeat(new Shape(rows(a), 8, 6)));
    one("toDevice", a -> a.toDevice(a.getDevice(), true).add(1));
    one("flip", a -> a.flip(1, 2));
    one("pad", a -> a.pad(new Shape(1, 2, 0, 1), 0.5));
  }

  private void reading() {
    one("get place", a -> a.get(":, 1"));
    one("get last", a -> a.get(":, -1, 2"));
    one("get stretch", a -> a.get(":, 1:3, ::2"));
    one("get from the end", a -> a.get(":, :-1, -3:"));
    one("get rest", a -> a.get("..., 2"));
    one("get new axis", a -> a.get(new NDIndex(":, null, 1, null, :")));
    one("get numbers", a -> a.get(0, 1).add(a.get(0)));
    one("get row by row", a -> a.get(":").add(a.get(new NDIndex("0:{}", rows(a)))));
    ids("get by array", (a, i) -> a.get(new NDIndex(":, :, {}", i.get("0"))));
    ids("get by array first", (a, i) -> a.transpose(2, 0, 1).get(i.get(":, 0")).get(":, 0"));
    ids(
        "get pick",
        (a, i) -> a.get(":, :, 0").get(new NDIndex().addAllDim().addPickDim(i.get(":, 0").mod(4))));
    ids("gather", (a, i) -> a.gather(i.expandDims(2), 2));
    ids("gatherNd", (a, i) -> a.gatherNd(i.get(":, :2").mod(1).transpose()));
    ids("take", (a, i) -> a.take(i));
    ids("oneHot", (a, i) -> i.oneHot(6).add(i.oneHot(6, I)));
    ids("getScalar", (a, i) -> a.add(a.getScalar(0, 1, 2)));
    one("crop", a -> ex(a.expandDims(3)).crop(1, 0, 2, 3).squeeze(3));
  }

  private void writing() {
    one("set number", a -> with(a, x -> x.set(new NDIndex(":, 1"), 3)));
    two("set array", (a, b) -> with(a, x -> x.set(new NDIndex(":, 1:3"), b.get(":, :2"))));
    two("set where", (a, b) -> with(a, x -> x.set(a.gt(0), 7)));
    one("set by a function", a -> with(a, x -> x.set(new NDIndex(":, 0"), y -> y.mul(2))));
    one("setScalar", a -> with(a, x -> x.setScalar(new NDIndex(0, 1, 2), 5)));
    ids("scatter", (a, i) -> a.scatter(i.expandDims(2), a.get(":, :, :1").mul(0), 2));
    ids("put", (a, i) -> a.put(i.get("0, :1"), a.get("0, 0, :1").add(1)));
    one(
        "set host data",
        a -> with(a.get("0, 0"), x -> x.set(new float[] {1, 2, 3, 4, 5, 6})).add(a));
  }

  private static NDArray with(NDArray array, java.util.function.Consumer<NDArray> change) {
    NDArray copy = array.duplicate();
    change.accept(copy);
    return copy;
  }

  private void creation() {
    one("zeros", a -> a.add(manager(a).zeros(a.getShape())).add(a.zerosLike()));
    one("ones", a -> a.add(manager(a).ones(new Shape(rows(a), 1, 6))).add(a.onesLike()));
    one(
        "full",
        a -> a.mul(manager(a).full(new Shape(), 0.3f)).add(manager(a).full(a.getShape(), 2)));
    one("empty", a -> a.add(with(manager(a).create(new Shape(6)), x -> x.set(new float[6]))));
    one("arange", a -> a.add(manager(a).arange(6)).add(manager(a).arange(0f, 3f, 0.5f)));
    one("arange of rows", a -> manager(a).arange((int) rows(a)).expandDims(1).add(a.get(":, 0")));
    one("eye", a -> a.add(manager(a).eye(4, 6, 0)));
    one("linspace", a -> a.add(manager(a).linspace(0f, 1f, 6)));
    one("hanningWindow", a -> a.mul(manager(a).hanningWindow(6)));
    one("create", a -> a.add(manager(a).create(new float[] {1, 2, 3, 4, 5, 6})));
    one("create number", a -> a.mul(manager(a).create(0.25f)).add(manager(a).create(3)));
    one("create matrix", a -> a.add(manager(a).create(new float[][] {{1, 2, 3, 4, 5, 6}})));
    one(
        "create booleans",
        a -> a.mul(manager(a).create(new boolean[] {true, false, true, true, false, true})));
  }

  private void sizes() {
    one("mean over rows by hand", a -> a.sum(new int[] {0}).div(rows(a)).add(a));
    one("root of a size", a -> a.div(Math.sqrt(rows(a))));
    one("inverse of a size", a -> a.mul(1.0 / rows(a)));
    one("number of rows made an array", a -> a.add(manager(a).create((float) rows(a))));
    one(
        "every row with every row",
        a ->
            a.reshape(rows(a), 24)
                .matMul(a.reshape(rows(a), 24).transpose())
                .reshape(rows(a) * rows(a))
                .sum()
                .add(a));
    one("rows times places", a -> a.reshape(rows(a) * 4, 6).softmax(1).reshape(rows(a), 4, 6));
    one("one more row", a -> manager(a).ones(new Shape(rows(a) + 1, 2)).sum().add(a));
  }

  private void matrices() {
    two("matMul", (a, b) -> a.matMul(b.transpose(0, 2, 1)));
    two("matMul by one matrix", (a, b) -> a.matMul(b.get("0").transpose()));
    two("batchMatMul", (a, b) -> a.batchMatMul(b.swapAxes(1, 2)));
    ids(
        "embedding",
        (a, i) -> ex(i).embedding(i, a.get("0").transpose(), SparseFormat.DENSE).head());
    two("dot", (a, b) -> a.get("0, 0").dot(b.get("0, 1")).add(a));
  }

  /// The library's own recurrent blocks fail where they run both ways.
  private void recurrences() {
    one(
        "gru both ways",
        a -> ex(a).gru(a, states(a), gates(a, 3), true, 2, 0, false, true, true).head());
    one(
        "gru's last state",
        a -> ex(a).gru(a, states(a), gates(a, 3), true, 2, 0, false, true, true).get(1));
    one("lstm both ways", a -> lstm(a).head());
    one("lstm's last cells", a -> lstm(a).get(2));
    one(
        "rnn both ways",
        a ->
            ex(a)
                .rnn(a, states(a), gates(a, 1), true, 2, RNN.Activation.TANH, 0, false, true, true)
                .head());
  }

  private static NDList lstm(NDArray a) {
    NDList start = new NDList(states(a), states(a).mul(2));
    return ex(a).lstm(a, start, gates(a, 4), true, 2, 0, false, true, true);
  }

  /// Two layers, both ways, three wide.
  private static NDArray states(NDArray a) {
    return manager(a).ones(new Shape(4, rows(a), 3)).mul(0.3f);
  }

  private static NDList gates(NDArray a, int gates) {
    NDList parameters = new NDList();
    for (int part = 0; part < 4; part++) {
      long in = part < 2 ? 6 : 2 * 3;
      parameters.add(numbers(a, part, 3L * gates, in));
      parameters.add(numbers(a, part + 4, 3L * gates, 3));
      parameters.add(numbers(a, part + 8, 3L * gates, 1).squeeze(1));
      parameters.add(numbers(a, part + 12, 3L * gates, 1).squeeze(1));
    }
    return parameters;
  }

  private static NDArray numbers(NDArray a, int seed, long rows, long columns) {
    float[] values = new float[(int) (rows * columns)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(seed + 1.7 * i);
    }
    return manager(a).create(values, new Shape(rows, columns));
  }
}
