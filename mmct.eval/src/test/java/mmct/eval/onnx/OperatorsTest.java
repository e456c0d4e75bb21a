package mmct.eval.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mmct.api.data.HostTensor;
import mmct.eval.onnx.convert.ToolkitOperators;
import mmct.eval.onnx.spi.OperatorConverter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Each operation gives in ONNX Runtime what it gives in the engine, for 1, 2 and 5 rows.
class OperatorsTest {
  private static final Map<String, OperatorConverter> TABLE = ToolkitOperators.with(List.of());
  private static final Set<String> USED = new TreeSet<>();

  /// Floats a and b `[n, 4, 6]`, whole numbers i `[n, 4]` below 6.
  static final ExampleInputs INPUTS =
      (rows, length) -> {
        SplittableRandom random = new SplittableRandom(rows);
        HostTensor a = HostTensor.allocate(DataType.FLOAT32, rows, 4, 6);
        HostTensor b = HostTensor.allocate(DataType.FLOAT32, rows, 4, 6);
        HostTensor i = HostTensor.allocate(DataType.INT64, rows, 4);
        for (int k = 0; k < rows * 24; k++) {
          a.data().putFloat((float) random.nextGaussian());
          b.data().putFloat((float) random.nextGaussian());
        }
        for (int k = 0; k < rows * 4; k++) {
          i.data().putLong(random.nextLong(6));
        }
        Stream.of(a, b, i).forEach(tensor -> tensor.data().rewind());
        return List.of(a, b, i);
      };

  @TempDir Path folder;

  /// An exporter that notes which converters it uses.
  private static OnnxExporter noting() {
    Map<String, OperatorConverter> noted =
        TABLE.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    entry ->
                        (call, graph) -> {
                          USED.add(entry.getKey());
                          return entry.getValue().convert(call, graph);
                        }));
    return new OnnxExporter(List.of(() -> noted));
  }

  private double difference(Block block, ExampleInputs examples) {
    OnnxRequest request = Examples.request(block, examples);
    return noting().export(request, folder.resolve("operation.onnx")).largestDifference();
  }

  static Stream<Arguments> operations() {
    return Stream.of(OperatorCases.all(), ArrayCases.all())
        .flatMap(cases -> cases.entrySet().stream())
        .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("operations")
  void anOperationGivesTheSame(String name, Function<NDList, NDArray> body) {
    assertThat(difference(new Operation(body), INPUTS)).isLessThan(1e-5);
  }

  static Stream<Arguments> layers() {
    return LayerCases.all().entrySet().stream()
        .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
  }

  /// The operators that differ between the sets, and every other one, in the oldest set.
  @ParameterizedTest(name = "{0}")
  @MethodSource("operations")
  void anOperationGivesTheSameInTheOldestSet(String name, Function<NDList, NDArray> body) {
    OnnxRequest request =
        Examples.request(new Operation(body), INPUTS).withOpset(OnnxRequest.LEAST_OPSET);
    Path file = folder.resolve("operation.onnx");
    assertThat(new OnnxExporter().export(request, file).largestDifference()).isLessThan(1e-5);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void aLayerOfTheLibraryGivesTheSame(String name, LayerCases.Layer layer) {
    try (NDManager manager = NDManager.newBaseManager()) {
      ExampleInputs examples = Examples.floats(layer.row());
      layer.block().initialize(manager, DataType.FLOAT32, examples.of(2, 1).getFirst().shape());
      Examples.shaken(layer.block(), manager);
      assertThat(difference(layer.block(), examples)).isLessThan(1e-5);
    }
  }

  @AfterAll
  static void everyConverterHasBeenUsed() {
    assertThat(USED).containsAll(TABLE.keySet());
  }
}
