package org.mmct.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossParameter;
import mmct.api.spi.LossState;
import mmct.api.spi.Needs;

/// Random unit rows for what a loss needs: as few modalities as it takes, but at least two where it
/// compares several.
final class RandomInput {
  private static final int WIDTH = 128;
  private static final int BACKBONE = 512;

  private final NDManager manager;
  private final int rows;
  private final int queue;
  private final List<LossInput.Features> sides;
  private final Map<String, NDArray> parameters = new LinkedHashMap<>();
  private final Map<String, NDArray> state = new LinkedHashMap<>();

  /// Makes the input.
  ///
  /// @param rows n
  /// @param queue k
  RandomInput(Needs needs, int rows, int queue, NDManager manager) {
    this.manager = manager;
    this.rows = rows;
    this.queue = queue;
    sides =
        switch (needs.form()) {
          case Needs.Pair pair -> List.of(side(pair.query()), side(pair.key()));
          case Needs.Joint joint ->
              IntStream.range(0, Math.max(joint.atLeast(), Math.min(2, joint.atMost())))
                  .mapToObj(i -> side(joint.each()))
                  .toList();
        };
    for (LossParameter each : needs.parameters()) {
      NDArray noise = manager.randomNormal(0, 1, each.shape(WIDTH), DataType.FLOAT32);
      parameters.put(each.name(), noise.mul((float) each.randomness()).add((float) each.initial()));
    }
    for (LossState each : needs.state()) {
      Shape shape = each.perSample() ? new Shape(rows).addAll(each.shape()) : each.shape();
      state.put(each.name(), manager.full(shape, (float) each.initial()));
    }
  }

  private LossInput.Features side(Needs.Side side) {
    List<NDArray> present = new ArrayList<>();
    for (int v = 1; v < side.queries(); v++) {
      present.add(manager.ones(new Shape(rows), DataType.BOOLEAN));
    }
    boolean queued = side.queue() != Needs.Queue.NONE;
    return new LossInput.Features(
        IntStream.range(0, side.queries()).mapToObj(v -> unit(rows, WIDTH)).toList(),
        IntStream.range(0, side.keys()).mapToObj(v -> unit(rows, WIDTH)).toList(),
        present,
        queued ? Optional.of(unit(queue, WIDTH)) : Optional.empty(),
        Optional.empty(),
        side.backbone() ? Optional.of(unit(rows, BACKBONE)) : Optional.empty());
  }

  private NDArray unit(int count, int width) {
    return manager.randomNormal(new Shape(count, width)).normalize(2, 1);
  }

  /// The input of one step, whose queries and parameters carry a gradient. At epoch 20 everything
  /// that is warmed up at first is there, and what ends after a third of a run has not ended.
  LossInput leaves(NDManager step) {
    LossInput.Builder builder =
        new LossInput.Builder().instances(LongStream.range(0, rows).toArray()).at(1000, 20);
    for (LossInput.Features side : sides) {
      builder.side(
          new LossInput.Features(
              side.queries().stream().map(view -> leaf(view, step)).toList(),
              side.keys().stream().map(view -> mine(view, step)).toList(),
              side.present().stream().map(view -> mine(view, step)).toList(),
              side.queue().map(array -> alias(array, step)),
              Optional.empty(),
              side.backbone().map(array -> leaf(array, step))));
    }
    parameters.forEach((name, value) -> builder.parameter(name, leaf(value, step)));
    state.forEach((name, value) -> builder.state(name, mine(value, step)));
    return builder.build();
  }

  private static NDArray leaf(NDArray array, NDManager step) {
    NDArray leaf = mine(array, step);
    leaf.setRequiresGradient(true);
    return leaf;
  }

  private static NDArray mine(NDArray array, NDManager step) {
    NDArray copy = array.duplicate();
    copy.attach(step);
    return copy;
  }

  private static NDArray alias(NDArray array, NDManager step) {
    return mmct.api.engine.Torch.alias(array, step);
  }
}
