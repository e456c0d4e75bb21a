package mmct.eval.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.data.HostTensor;
import mmct.api.engine.Torch;
import mmct.eval.onnx.trace.Leaf;
import mmct.eval.onnx.trace.MergedTraces;
import mmct.eval.onnx.trace.Recording;
import mmct.eval.onnx.trace.Tracer;

/// Traces a block at a few small sizes: a base, one with other rows, and one with another length.
/// Owns the constants that the passes made.
final class BlockTraces implements AutoCloseable {
  private static final int ROWS = 2;
  private static final int OTHER_ROWS = 3;
  private static final int LENGTH = 5;
  private static final int FURTHER = 3;

  /// What the traced pass may differ from the plain pass by, relative to the largest magnitude: the
  /// engine's own repeatability.
  private static final double TOLERANCE = 1e-5;

  private final OnnxRequest request;
  private final PlainPass plain;
  private final NDManager constants;

  BlockTraces(OnnxRequest request, PlainPass plain) {
    this.request = request;
    this.plain = plain;
    constants = plain.newManager();
  }

  /// The traces side by side.
  ///
  /// @throws MmctException where the block does something that cannot be traced, or does something
  ///     else while it is
  MergedTraces merged() {
    Optional<Lengths> range = request.lengths();
    int length = range.map(r -> r.nearest(LENGTH)).orElse(1);
    int longer = range.map(r -> r.nearest(length + FURTHER)).orElse(length);
    int other = longer > length ? longer : range.map(r -> r.nearest(1)).orElse(length);
    List<Tracer.Traced> traces = new ArrayList<>();
    traces.add(trace(ROWS, length));
    traces.add(trace(OTHER_ROWS, length));
    if (other != length) {
      traces.add(trace(ROWS, other));
    }
    return new MergedTraces(traces);
  }

  private Tracer.Traced trace(int rows, int length) {
    List<HostTensor> inputs = plain.examples(rows, length);
    float[] expected = plain.output(inputs);
    try (NDManager manager = plain.newManager();
        var _ = Torch.withoutGradient()) {
      NDList arrays = new NDList();
      inputs.forEach(input -> arrays.add(input.toArray(manager)));
      Tracer.Traced traced = Tracer.trace(request.block(), plain.names(), arrays, manager);
      double difference = Difference.relative(traced.array().toFloatArray(), expected);
      if (!(difference <= TOLERANCE)) {
        throw new MmctException(
            "the block computes something else when it is traced (relative difference %.2g); it"
                    .formatted(difference)
                + " may write into a part of an array that it got by an index or a reshape");
      }
      keepConstants(traced.recording(), manager);
      return traced;
    }
  }

  /// Arrays that the block keeps belong to other managers and stay there.
  @SuppressWarnings("ReferenceEquality")
  private void keepConstants(Recording recording, NDManager manager) {
    for (Leaf leaf : recording.leaves().values()) {
      if (leaf instanceof Leaf.Host(NDArray array, String origin)
          && array.getManager() == manager) {
        array.attach(constants);
      }
    }
  }

  @Override
  public void close() {
    constants.close();
  }
}
