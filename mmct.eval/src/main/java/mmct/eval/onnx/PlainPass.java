package mmct.eval.onnx;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import mmct.api.MmctException;
import mmct.api.data.HostTensor;
import mmct.api.engine.Torch;
import mmct.api.graph.ParameterNames;
import mmct.api.graph.StepParameters;

/// The block as it is: what the traced pass and the file are measured against.
final class PlainPass {
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

  /// Example inputs of a size.
  List<HostTensor> examples(int rows, int length) {
    List<HostTensor> examples = request.examples().of(rows, length);
    if (examples.size() != request.inputNames().size()) {
      throw new MmctException(
          "there must be a name for every input, but %d inputs have the names %s"
              .formatted(examples.size(), request.inputNames()));
    }
    return examples;
  }

  /// The first output for some inputs, row-major.
  ///
  /// @throws MmctException where the block fails, or returns something else than 32-bit floats
  float[] output(List<HostTensor> inputs) {
    try (NDManager manager = newManager();
        var _ = Torch.withoutGradient()) {
      NDArray output = first(inputs, manager);
      if (output.getDataType() != DataType.FLOAT32) {
        throw new MmctException(
            "the first output of a block must be 32-bit floats to be exported but is %s"
                .formatted(output.getDataType()));
      }
      return output.toFloatArray();
    }
  }

  private NDArray first(List<HostTensor> inputs, NDManager manager) {
    NDList arrays = new NDList();
    inputs.forEach(input -> arrays.add(input.toArray(manager)));
    try {
      return request.block().forward(new StepParameters(manager, false), arrays, false).head();
    } catch (MmctException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new MmctException(
          "the block itself fails on inputs of the shapes %s: %s"
              .formatted(
                  inputs.stream().map(HostTensor::shape).toList(),
                  String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
          e);
    }
  }
}
