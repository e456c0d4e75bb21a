package mmct.eval.onnx;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import mmct.api.MmctException;
import mmct.api.data.HostTensor;
import mmct.api.engine.Torch;
import mmct.api.graph.ParameterNames;
import mmct.api.graph.StepParameters;
import mmct.eval.onnx.trace.Aside;
import org.jspecify.annotations.Nullable;

/// The block as it is: what the traced pass and the file are measured against.
final class PlainPass {
  /// By what share of itself a number is moved for the rounding of 32-bit floats, many times over:
  /// far enough to switch on what a rectifier has just switched off.
  static final double SINGLE = 0x1p-18;

  /// The same for 16-bit floats.
  static final double HALF = 0x1p-8;

  private static final int TRIES = 8;

  private final OnnxRequest request;
  private final IdentityHashMap<Parameter, String> names = new IdentityHashMap<>();

  PlainPass(OnnxRequest request) {
    this.request = request;
    ParameterNames.of(request.block()).forEach((name, parameter) -> names.put(parameter, name));
    for (Map.Entry<Parameter, String> entry : names.entrySet()) {
      if (!entry.getKey().isInitialized()) {
        throw new MmctException(
            "only an initialised block can be exported, but its parameter %s is not"
                .formatted(entry.getValue()));
      }
      if (entry.getKey().getArray().isReleased()) {
        throw new MmctException(
            "only a block whose arrays are open can be exported, but the manager of its parameter"
                + " %s has been closed".formatted(entry.getValue()));
      }
    }
  }

  /// The names of the block's parameters.
  IdentityHashMap<Parameter, String> names() {
    return names;
  }

  /// A manager on the device of the block's parameters.
  NDManager newManager() {
    Device device =
        names.keySet().stream()
            .findFirst()
            .map(parameter -> parameter.getArray().getDevice())
            .orElseGet(Device::cpu);
    return NDManager.newBaseManager(device);
  }

  /// Inputs as arrays of a manager. The block may write into them, so they are copies.
  static NDList arrays(List<HostTensor> inputs, NDManager manager) {
    NDList arrays = new NDList();
    for (HostTensor input : inputs) {
      try (NDArray array = input.toArray(manager)) {
        arrays.add(array.duplicate());
      }
    }
    return arrays;
  }

  /// The outputs for some inputs.
  ///
  /// @throws MmctException where the block fails, or returns something else than 32-bit floats
  List<Output> outputs(List<HostTensor> inputs) {
    try (NDManager manager = newManager();
        var _ = Torch.withoutGradient()) {
      return checked(outputs(arrays(inputs, manager), new StepParameters(manager, false), inputs));
    }
  }

  /// The outputs where the block has any for inputs of some shapes; empty where it fails.
  Optional<List<Output>> outputsIfAny(List<HostTensor> inputs) {
    try {
      return Optional.of(outputs(inputs));
    } catch (MmctException e) {
      return Optional.empty();
    }
  }

  /// The outputs where all floats among the inputs and parameters are moved, each by up to a share
  /// of itself, a few times over: by how much the block's own rounding matters.
  List<List<Output>> moved(List<HostTensor> inputs, double share) {
    return IntStream.range(0, TRIES).mapToObj(seed -> moved(inputs, share, seed)).toList();
  }

  private List<Output> moved(List<HostTensor> inputs, double share, int seed) {
    try (NDManager manager = newManager();
        var _ = Torch.withoutGradient()) {
      NDList arrays = new NDList();
      arrays(inputs, manager).forEach(array -> arrays.add(moved(array, share, seed)));
      return checked(outputs(arrays, new MovedParameters(manager, share, seed), inputs));
    }
  }

  private static NDArray moved(NDArray array, double share, int seed) {
    if (!array.getDataType().isFloating() || array.isEmpty()) {
      return array;
    }
    // Numbers from −1 to 1 that look random and are the same every time.
    NDArray wave =
        array.getManager().arange((float) array.size()).add(seed).mul(12.9898f).sin().mul(43758.5f);
    NDArray factors = wave.sub(wave.round()).mul(2 * share).add(1).reshape(array.getShape());
    return array.mul(factors.toType(array.getDataType(), false));
  }

  private List<NDArray> outputs(NDList arrays, ParameterStore store, List<HostTensor> inputs) {
    try {
      return request.block().forward(store, arrays, false);
    } catch (MmctException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new MmctException(
          "the block itself fails on inputs of the shapes %s%s"
              .formatted(inputs.stream().map(HostTensor::shape).toList(), Aside.of(e)),
          e);
    }
  }

  private List<Output> checked(@Nullable List<NDArray> arrays) {
    long count = arrays == null ? 0 : arrays.stream().filter(Objects::nonNull).count();
    List<String> wanted = request.outputNames();
    if (arrays == null || count != wanted.size()) {
      throw new MmctException(
          "every array that the block returns must have a name in the file, but it returns %d and"
                  .formatted(count)
              + " the names are "
              + wanted);
    }
    List<Output> outputs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      NDArray array = arrays.get(i);
      if (array.getDataType() != DataType.FLOAT32) {
        throw new MmctException(
            "what a block returns must be 32-bit floats to be exported, but its output %s is %s"
                .formatted(wanted.get(i), array.getDataType()));
      }
      outputs.add(Output.of(array));
    }
    return outputs;
  }

  /// Hands out parameters that are moved a little.
  private static final class MovedParameters extends ParameterStore {
    private final StepParameters plain;
    private final double share;
    private final int seed;
    private final IdentityHashMap<Parameter, NDArray> moved = new IdentityHashMap<>();

    MovedParameters(NDManager manager, double share, int seed) {
      super(manager, false);
      plain = new StepParameters(manager, false);
      this.share = share;
      this.seed = seed;
    }

    @Override
    public @Nullable NDArray getValue(
        @Nullable Parameter parameter, Device device, boolean training) {
      NDArray value = plain.getValue(parameter, device, training);
      return value == null || parameter == null
          ? null
          : moved.computeIfAbsent(parameter, p -> moved(value, share, seed));
    }

    private static NDArray moved(NDArray array, double share, int seed) {
      return PlainPass.moved(array, share, seed);
    }
  }
}
