package mmct.vision.resnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import mmct.api.graph.ParameterNames;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Residual blocks return what PyTorch's return for the same weights; the numbers are written by
/// `residual_blocks_golden.py` beside them.
class ResidualBlockGoldenTest {
  @TestFactory
  Stream<DynamicTest> agreesWithPyTorch() throws IOException {
    try (InputStream json =
        ResidualBlockGoldenTest.class.getResourceAsStream("residual_blocks_golden.json")) {
      return StreamSupport.stream(new ObjectMapper().readTree(json).spliterator(), false)
          .map(golden -> DynamicTest.dynamicTest(golden.get("name").asText(), () -> check(golden)));
    }
  }

  private static void check(JsonNode golden) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray x = array(golden.get("x"), manager);
      ResidualBlock block = block(golden);
      block.initialize(manager, DataType.FLOAT32, x.getShape());
      Map<String, Parameter> parameters = ParameterNames.of(block);
      assertThat(parameters.keySet())
          .containsExactlyElementsOf(() -> golden.get("weights").fieldNames());
      parameters.forEach(
          (name, parameter) ->
              array(golden.get("weights").get(name), manager).copyTo(parameter.getArray()));
      ParameterStore store = new ParameterStore(manager, false);

      NDArray trained = block.forward(store, new NDList(x), true).singletonOrThrow();
      assertClose(trained, golden.get("training"), "training");
      golden
          .get("running")
          .fieldNames()
          .forEachRemaining(
              name ->
                  assertClose(
                      parameters.get(name).getArray(), golden.get("running").get(name), name));
      NDArray evaluated = block.forward(store, new NDList(x), false).singletonOrThrow();
      assertClose(evaluated, golden.get("evaluation"), "evaluation");
    }
  }

  private static ResidualBlock block(JsonNode golden) {
    int inputs = golden.get("inputs").asInt();
    int width = golden.get("width").asInt();
    int stride = golden.get("stride").asInt();
    return golden.get("bottleneck").asBoolean()
        ? ResidualBlock.bottleneck(inputs, width, stride, false)
        : ResidualBlock.basic(inputs, width, stride, false);
  }

  private static NDArray array(JsonNode node, NDManager manager) {
    long[] shape =
        StreamSupport.stream(node.get("shape").spliterator(), false)
            .mapToLong(JsonNode::asLong)
            .toArray();
    return manager.create(values(node.get("values")), new Shape(shape));
  }

  private static float[] values(JsonNode node) {
    float[] values = new float[node.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) node.get(i).asDouble();
    }
    return values;
  }

  private static void assertClose(NDArray actual, JsonNode expected, String what) {
    assertThat(actual.toFloatArray())
        .as(what)
        .containsExactly(values(expected), within(1e-5f * (1 + actual.abs().max().getFloat())));
  }
}
