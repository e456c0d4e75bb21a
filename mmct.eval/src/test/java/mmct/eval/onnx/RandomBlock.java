package mmct.eval.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A block that nobody wrote: steps drawn by a seed, which depend on the names of the axes of the
/// arrays and on their types, but not on how long an axis is, so that they are the same at every
/// size. Some of the steps are what blocks should not do.
final class RandomBlock extends AbstractBlock {
  private static final DataType F = DataType.FLOAT32;
  private static final DataType I = DataType.INT64;
  private static final DataType B = DataType.BOOLEAN;

  private final long seed;
  private final boolean twoLengths;
  private final StringBuilder text = new StringBuilder();
  private SplittableRandom random = new SplittableRandom(0);
  private List<Variable> pool = new ArrayList<>();
  private long rows;
  private long length;
  private NDArray first = null;

  /// An array and the names of its axes: `n`, `l`, `m`, a number, or anything else that is only
  /// equal to itself.
  private record Variable(NDArray array, List<String> axes) {
    DataType type() {
      return array.getDataType();
    }

    int rank() {
      return axes.size();
    }

    boolean isFloat() {
      return type() == F;
    }
  }

  RandomBlock(long seed) {
    this.seed = seed;
    twoLengths = seed % 4 == 3;
  }

  /// Whether it has a second sequence, of a length of its own.
  boolean hasTwoLengths() {
    return twoLengths;
  }

  /// The steps of the last pass.
  String text() {
    return text.toString();
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
    random = new SplittableRandom(seed);
    pool = new ArrayList<>();
    text.setLength(0);
    first = inputs.get(0);
    rows = first.getShape().get(0);
    length = first.getShape().get(1);
    pool.add(new Variable(inputs.get(0), List.of("n", "l", "4")));
    pool.add(new Variable(inputs.get(1), List.of("n", "4")));
    pool.add(new Variable(inputs.get(2), List.of("n", "l")));
    if (twoLengths) {
      pool.add(new Variable(inputs.get(3), List.of("n", "m", "4")));
    }
    int steps = random.nextInt(3, 12);
    for (int i = 0; i < steps; i++) {
      step();
    }
    NDList outputs = new NDList(output(pool.getLast()));
    if (random.nextInt(5) == 0) {
      outputs.add(output(any()));
    }
    return outputs;
  }

  /// How many outputs there are, known after a pass.
  private static NDArray output(Variable variable) {
    return variable.array().toType(F, false);
  }

  private Variable any() {
    // Late ones more often.
    int at = Math.max(random.nextInt(pool.size()), random.nextInt(pool.size()));
    return pool.get(at);
  }

  private Variable floating() {
    Variable found = any();
    return found.isFloat() ? found : new Variable(found.array().toType(F, false), found.axes());
  }

  private void add(String what, NDArray array, List<String> axes) {
    text.append(what).append(' ').append(axes).append("; ");
    pool.add(new Variable(array, List.copyOf(axes)));
  }

  private void step() {
    switch (random.nextInt(16)) {
      case 0, 1 -> unary(floating());
      case 2, 3 -> binary(any());
      case 4 -> number(any());
      case 5 -> typed(any());
      case 6, 7 -> reduced(any());
      case 8 -> ordered(floating());
      case 9 -> moved(any());
      case 10 -> indexed(any());
      case 11 -> joined(any());
      case 12 -> inPlace(any());
      case 13 -> sized(floating());
      case 14 -> made(floating());
      default -> odd(floating());
    }
  }

  private void unary(Variable v) {
    NDArray a = v.array();
    NDArray made =
        switch (random.nextInt(26)) {
          case 0 -> a.abs();
          case 1 -> a.neg();
          case 2 -> a.clip(-5, 5).exp();
          case 3 -> a.log();
          case 4 -> a.sqrt();
          case 5 -> a.clip(-100, 100).sin();
          case 6 -> a.tanh();
          case 7 -> a.sign();
          case 8 -> a.floor();
          case 9 -> a.ceil();
          case 10 -> a.round();
          case 11 -> a.trunc();
          case 12 -> a.square();
          case 13 -> a.getNDArrayInternal().sigmoid();
          case 14 -> a.getNDArrayInternal().relu();
          case 15 -> a.clip(-30, 30).getNDArrayInternal().gelu();
          case 16 -> a.erf();
          case 17 -> a.isNaN();
          case 18 -> a.isInfinite();
          case 19 -> a.atan();
          case 20 -> a.clip(-0.5f, 1);
          case 21 -> NDArrays.div(1, a);
          case 22 -> a.mul(1e-6f);
          case 23 -> a.mul(1e6f);
          case 24 -> a.pow(3);
          default -> a.duplicate();
        };
    add("unary" + v.axes(), made, v.axes());
  }

  /// One of the same axes, or with a 1 in some.
  private Variable partner(Variable v) {
    List<Variable> fitting = pool.stream().filter(o -> o.axes().equals(v.axes())).toList();
    Variable found = fitting.get(random.nextInt(fitting.size()));
    if (v.rank() > 0 && random.nextInt(3) == 0) {
      int axis = random.nextInt(v.rank());
      return new Variable(
          found.array().toType(F, false).mean(new int[] {axis}, true), found.axes());
    }
    return found;
  }

  private void binary(Variable v) {
    NDArray a = v.array();
    NDArray b = partner(v).array();
    boolean booleans = a.getDataType() == B && b.getDataType() == B;
    int kind = random.nextInt(16);
    if (booleans && (kind == 1 || kind == 4 || kind == 5)) {
      kind = 0;
    }
    NDArray made =
        switch (kind) {
          case 0 -> a.add(b);
          case 1 -> a.sub(b);
          case 2 -> a.mul(b);
          case 3 -> a.toType(F, false).div(b);
          case 4 -> a.maximum(b);
          case 5 -> a.minimum(b);
          case 6 -> a.toType(F, false).mod(b.toType(F, false));
          case 7 -> a.toType(F, false).atan2(b.toType(F, false));
          case 8 -> a.gt(b);
          case 9 -> a.lte(b);
          case 10 -> a.eq(b);
          case 11 -> a.neq(b);
          case 12 -> NDArrays.where(a.gt(b), a.toType(F, false), b.toType(F, false));
          case 13 -> a.toType(F, false).abs().pow(b.toType(F, false).clip(-3, 3));
          case 14 -> a.toType(F, false).xlogy(b.toType(F, false));
          default -> a.gt(0).logicalXor(b.gt(0));
        };
    add("binary" + kind, made, v.axes());
  }

  private void number(Variable v) {
    NDArray a = v.type() == B ? v.array().toType(I, false) : v.array();
    int kind = random.nextInt(10);
    NDArray made =
        switch (kind) {
          case 0 -> a.add(2);
          case 1 -> a.mul(0.3f);
          case 2 -> a.sub(1.5);
          case 3 -> a.div(3);
          case 4 -> a.mod(3);
          case 5 -> a.toType(F, false).mod(-0.7f);
          case 6 -> a.gt(1);
          case 7 -> a.lt(0.5f);
          case 8 -> NDArrays.sub(1, a);
          default -> a.pow(2);
        };
    add("number" + kind, made, v.axes());
  }

  private void typed(Variable v) {
    DataType[] types = {F, I, DataType.INT32, B, DataType.INT8, DataType.UINT8, DataType.FLOAT64};
    DataType type = types[random.nextInt(types.length)];
    NDArray a = v.array();
    // Casting what does not fit is not defined.
    NDArray small =
        a.getDataType() == F && type != F
            ? NDArrays.where(a.isNaN(), a.zerosLike(), a).clip(-100, 100)
            : a;
    add("to " + type, small.toType(type, false), v.axes());
  }

  private List<String> without(List<String> axes, int axis) {
    List<String> rest = new ArrayList<>(axes);
    rest.remove(axis);
    return rest;
  }

  private List<String> with(List<String> axes, int axis, String name) {
    List<String> changed = new ArrayList<>(axes);
    changed.set(axis, name);
    return changed;
  }

  private void reduced(Variable v) {
    if (v.rank() < 2) {
      return;
    }
    int axis = random.nextInt(v.rank());
    int asked = random.nextBoolean() ? axis : axis - v.rank();
    boolean keep = random.nextBoolean();
    NDArray a = v.array();
    NDArray f = a.toType(F, false);
    List<String> axes = keep ? with(v.axes(), axis, "1") : without(v.axes(), axis);
    int kind = random.nextInt(12);
    int[] one = {asked};
    switch (kind) {
      case 0 -> add("sum", a.sum(one, keep), axes);
      case 1 -> add("mean", f.mean(one, keep), axes);
      case 2 -> add("max", f.max(one, keep), axes);
      case 3 -> add("min", f.min(one, keep), axes);
      case 4 -> add("argMax", f.argMax(axis), without(v.axes(), axis));
      case 5 -> add("argMin", f.argMin(axis), without(v.axes(), axis));
      case 6 -> add("norm", f.norm(2, new int[] {axis}, keep), axes);
      case 7 -> add("cumSum", f.cumSum(axis), v.axes());
      case 8 -> add("softmax", f.softmax(asked), v.axes());
      case 9 -> add("logSoftmax", f.logSoftmax(asked), v.axes());
      case 10 -> add("normalize", f.normalize(2, axis), v.axes());
      default -> add("prod", f.clip(-1.5f, 1.5f).prod(one, keep), axes);
    }
  }

  /// The engine leaves the places of equal elements open, which whole numbers often are.
  private void ordered(Variable v) {
    if (v.rank() < 2) {
      return;
    }
    int axis = random.nextInt(v.rank());
    NDArray a = v.array();
    switch (random.nextInt(5)) {
      case 0 -> add("sort", a.sort(axis), v.axes());
      case 1 -> add("argSort", a.argSort(axis), v.axes());
      case 2 -> add("argSort falling", a.argSort(axis, false), v.axes());
      case 3 -> add("median", a.median(new int[] {axis}), without(v.axes(), axis));
      default -> {
        if (v.axes().get(axis).equals("4")) {
          add("topK", a.topK(2, axis).get(0), with(v.axes(), axis, "2"));
        }
      }
    }
  }

  private void moved(Variable v) {
    if (v.rank() < 1) {
      return;
    }
    NDArray a = v.array();
    int axis = random.nextInt(v.rank());
    int other = random.nextInt(v.rank());
    List<String> axes = new ArrayList<>(v.axes());
    int kind = random.nextInt(10);
    switch (kind) {
      case 0 -> {
        java.util.Collections.swap(axes, axis, other);
        add("swapAxes", a.swapAxes(axis, other), axes);
      }
      case 1 -> {
        axes.add(axis, "1");
        add("expandDims", a.expandDims(axis), axes);
      }
      case 2 -> add("flip", a.flip(axis), axes);
      case 3 -> {
        if (v.axes().size() >= 2 && axis + 1 < v.rank()) {
          String joined = axes.get(axis) + "*" + axes.get(axis + 1);
          axes.set(axis, joined);
          axes.remove(axis + 1);
          long[] shape = new long[axes.size()];
          for (int i = 0; i < shape.length; i++) {
            shape[i] = i == axis ? -1 : a.getShape().get(i < axis ? i : i + 1);
          }
          add("reshape", a.reshape(shape), axes);
        }
      }
      case 4 -> {
        if (axes.get(axis).equals("1")) {
          axes.remove(axis);
          add("squeeze", a.squeeze(axis), axes);
        }
      }
      case 5 -> {
        axes.set(axis, axes.get(axis) + "x2");
        add("repeat", a.repeat(axis, 2), axes);
      }
      case 6 -> {
        long[] times = new long[axes.size()];
        java.util.Arrays.fill(times, 1);
        times[axis] = 2;
        axes.set(axis, axes.get(axis) + "+t");
        add("tile", a.tile(times), axes);
      }
      case 7 -> {
        if (v.isFloat()) {
          axes.set(v.rank() - 1, axes.getLast() + "+p");
          add("pad", a.pad(new Shape(1, 2), 0.5), axes);
        }
      }
      case 8 -> add("transpose", a.transpose(), axes.reversed());
      default -> {
        axes.clear();
        axes.add("flat" + v.axes());
        add("flatten", a.flatten(), axes);
      }
    }
  }

  /// A number of places that follows from the length in ways that blocks use.
  private long places(int kind) {
    return switch (kind) {
      case 0 -> Math.min(6, length);
      case 1 -> (length + 1) / 2;
      case 2 -> length % 3 + 1;
      case 3 -> length > 7 ? 2 : 1;
      case 4 -> Math.max(1, length - 4);
      case 5 -> (length + 3) / 4 * 4;
      case 6 -> length - length / 3;
      default -> 1 + (long) Math.floor(Math.sqrt(length));
    };
  }

  private void indexed(Variable v) {
    int at = v.axes().indexOf("l");
    NDArray a = v.array();
    int kind = random.nextInt(8);
    if (v.rank() < 2) {
      return;
    }
    if (kind < 4 && at >= 0) {
      int formula = random.nextInt(8);
      NDIndex index = new NDIndex();
      for (int i = 0; i < at; i++) {
        index.addAllDim();
      }
      index.addSliceDim(0, places(formula));
      add("first " + formula, a.get(index), with(v.axes(), at, "l:" + formula));
    } else if (kind == 4) {
      add("get 0", a.get(":, 0"), without(v.axes(), 1));
    } else if (kind == 5) {
      add("get -1", a.get("..., -1"), without(v.axes(), v.rank() - 1));
    } else if (kind == 6) {
      add("get 1:", a.get(":, 1:"), with(v.axes(), 1, v.axes().get(1) + "-1"));
    } else {
      add("get ::2", a.get(":, ::2"), with(v.axes(), 1, v.axes().get(1) + "/2"));
    }
  }

  private void joined(Variable v) {
    if (v.rank() < 1) {
      return;
    }
    NDArray a = v.array().toType(F, false);
    List<Variable> fitting = pool.stream().filter(o -> o.axes().equals(v.axes())).toList();
    NDArray b = fitting.get(random.nextInt(fitting.size())).array().toType(F, false);
    int axis = random.nextInt(v.rank());
    List<String> axes = new ArrayList<>(v.axes());
    if (random.nextBoolean()) {
      axes.set(axis, axes.get(axis) + "+c");
      add("concat", a.concat(b, axis), axes);
    } else {
      axes.add(axis, "2");
      add("stack", a.stack(b, axis), axes);
    }
  }

  /// Writes into an array itself, a copy, or a part of either.
  private void inPlace(Variable v) {
    if (!v.isFloat() || v.rank() < 2) {
      return;
    }
    NDArray a = random.nextInt(3) == 0 ? v.array() : v.array().duplicate();
    int kind = random.nextInt(8);
    switch (kind) {
      case 0 -> a.addi(1);
      case 1 -> a.muli(a.abs());
      case 2 -> a.get(":, 0").addi(1);
      case 3 -> a.set(new NDIndex(":, 0"), 7);
      case 4 -> a.reshape(-1).muli(2);
      case 5 -> a.set(a.gt(0), -1);
      case 6 -> a.swapAxes(0, 1).subi(0.5f);
      default -> a.getNDArrayInternal().rsubi(2);
    }
    add("in place" + kind, a, v.axes());
  }

  /// Uses a size as a number.
  private void sized(Variable v) {
    NDArray a = v.array();
    int kind = random.nextInt(10);
    NDArray made =
        switch (kind) {
          case 0 -> a.mul(length);
          case 1 -> a.div(Math.sqrt(length));
          case 2 -> a.add(rows);
          case 3 -> length > 6 ? a.mul(2) : a;
          case 4 -> rows > 3 ? a.neg() : a;
          case 5 -> a.mul(Math.min(6, length));
          case 6 -> a.mul(1f / (length + 1));
          case 7 -> a.add(length % 4);
          case 8 -> a.mul(rows == 7 ? 3 : 2);
          default -> a.mul((float) Math.log(length + 1));
        };
    add("sized" + kind, made, v.axes());
  }

  private void made(Variable v) {
    NDArray a = v.array();
    NDManager manager = a.getManager();
    int kind = random.nextInt(7);
    String last = v.axes().isEmpty() ? "" : v.axes().getLast();
    switch (kind) {
      case 0 -> {
        if (last.equals("4")) {
          add("host", a.mul(manager.create(new float[] {1, -2, 0.5f, 3})), v.axes());
        }
      }
      case 1 -> {
        if (last.equals("4")) {
          try (NDManager own = NDManager.newBaseManager()) {
            add("closed", a.add(own.create(new float[] {1, 2, 3, 4})), v.axes());
          }
        }
      }
      case 2 -> add("zeros", manager.zeros(a.getShape()).add(a), v.axes());
      case 3 -> add("arange", manager.arange((int) length).toType(F, false), List.of("l"));
      case 4 -> add("steps", manager.arange(0f, 0.95f, 0.1f), List.of("10"));
      case 5 -> add("eye", manager.eye((int) rows), List.of("n", "n"));
      default -> add("number", a.mul(manager.create(0.25f)), v.axes());
    }
  }

  /// What blocks should not do.
  private void odd(Variable v) {
    NDArray a = v.array();
    switch (random.nextInt(12)) {
      case 0 -> add("equals", a.equals(a.abs()) ? a.mul(2) : a, v.axes());
      case 1 -> add("reads", a.sum().getFloat() > 0 ? a.mul(2) : a, v.axes());
      case 2 -> add("text", a.toString().length() % 2 == 0 ? a.mul(2) : a, v.axes());
      case 3 -> add("contains", List.of(a.abs()).contains(a) ? a.mul(2) : a, v.axes());
      case 4 -> add("infinity", a.div(a.sub(a)), v.axes());
      case 5 -> add("rounded", a.mul(4).round().div(4), v.axes());
      case 6 -> {
        NDArray copy = a.toDevice(a.getDevice(), true);
        copy.addi(1);
        add("copied", copy.mul(a), v.axes());
      }
      case 7 -> add("whole", a.clip(-50, 50).round().toType(I, false), v.axes());
      case 8 -> {
        if (v.rank() >= 2) {
          NDArray view = a.expandDims(0);
          view.addi(1);
          add("view", view.squeeze(0), v.axes());
        }
      }
      default -> add("halved", a.div(2), v.axes());
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    throw new UnsupportedOperationException("nobody asks");
  }
}
