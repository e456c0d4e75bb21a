package mmct.eval.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mmct.api.MmctException;
import mmct.api.data.HostTensor;
import mmct.api.engine.Torch;
import mmct.eval.onnx.spi.Size;
import mmct.eval.onnx.trace.Leaf;
import mmct.eval.onnx.trace.MergedTraces;
import mmct.eval.onnx.trace.Recording;
import mmct.eval.onnx.trace.Tracer;

/// Traces a block at many small sizes. What a number of the block is at all of them tells how it
/// follows from the sizes, and that it does nothing else at some of them. Owns the constants that
/// the passes made.
final class BlockTraces implements AutoCloseable {
  /// What the traced pass may differ from the plain pass by: the engine's own repeatability.
  private static final double TOLERANCE = 1e-5;

  private final OnnxRequest request;
  private final PlainPass plain;
  private final SampleInputs samples;
  private final NDManager constants;
  private final List<InputSize> traced = new ArrayList<>();
  private final List<Tracer.Traced> traces = new ArrayList<>();

  BlockTraces(OnnxRequest request, PlainPass plain, SampleInputs samples) {
    this.request = request;
    this.plain = plain;
    this.samples = samples;
    constants = plain.newManager();
  }

  /// The traces side by side.
  ///
  /// @param further for how long to trace at further sizes than those that have to be
  ///
  /// @throws MmctException where the block does something that cannot be traced, or does something
  ///     else while it is
  MergedTraces merged(Duration further) {
    InputSizes sizes = new InputSizes(request.lengths(), samples.groups());
    for (InputSize size : sizes.tracedFirst()) {
      trace(size, plain.outputs(samples.of(size)));
    }
    TimeBudget budget = new TimeBudget(further);
    for (InputSize size : sizes.further()) {
      // Where an axis is one place long a block may drop it, and do as before with the rest.
      if (!sizes.isSingle(size) && !traced.contains(size) && budget.begin(size.work())) {
        traceIfAny(size);
        budget.done(size.work());
      }
    }
    return new MergedTraces(traces);
  }

  /// The block need not take inputs of every size.
  private void traceIfAny(InputSize size) {
    plain.outputsIfAny(samples.of(size)).ifPresent(outputs -> trace(size, outputs));
  }

  private void trace(InputSize size, List<Output> expected) {
    List<HostTensor> inputs = samples.of(size);
    try (NDManager manager = plain.newManager();
        var _ = Torch.withoutGradient()) {
      NDList arrays = PlainPass.arrays(inputs, manager);
      Tracer.Traced trace = Tracer.trace(request.block(), plain.names(), arrays, manager);
      List<Output> found = trace.arrays().stream().map(Output::of).toList();
      if (!sameAs(found, expected, inputs)) {
        throw new MmctException(
            sameAs(plain.outputs(inputs), expected, inputs)
                ? "the block computes something else when it is traced; it may read values in a way"
                    + " that is not seen, or write into an array that it reads under another name"
                : "the block gives something else when it is given the same inputs again, so that no"
                    + " file can give what it gives");
      }
      keepConstants(trace.recording());
      traced.add(size);
      traces.add(trace);
    }
  }

  private boolean sameAs(List<Output> found, List<Output> expected, List<HostTensor> inputs) {
    for (int i = 0; i < expected.size(); i++) {
      int output = i;
      Difference difference =
          Difference.of(
              found.get(i),
              expected.get(i),
              false,
              new Difference.Scale(),
              TOLERANCE,
              () ->
                  plain.moved(inputs, PlainPass.SINGLE).stream().map(o -> o.get(output)).toList());
      if (!difference.isWithin(TOLERANCE)) {
        return false;
      }
    }
    return true;
  }

  /// The arrays of host data, which are the pass's own copies, outlive it.
  private void keepConstants(Recording recording) {
    for (Leaf leaf : recording.leaves().values()) {
      if (leaf instanceof Leaf.Host(NDArray array, String origin)) {
        array.attach(constants);
      }
    }
  }

  /// How many rows there were in each trace.
  Size rows() {
    return new Size(traced.stream().map(size -> (long) size.rows()).toList());
  }

  @Override
  public void close() {
    constants.close();
  }
}
