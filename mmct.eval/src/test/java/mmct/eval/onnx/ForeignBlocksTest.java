package mmct.eval.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Blocks that were written without a thought of ONNX.
class ForeignBlocksTest {
  @TempDir Path folder;

  private ExportReport export(Block block, ExampleInputs examples, Optional<Lengths> lengths) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Shape shape = examples.of(2, 5).getFirst().shape();
      block.initialize(manager, DataType.FLOAT32, shape);
      Examples.shaken(block, manager);
      return new OnnxExporter()
          .export(Examples.request(block, examples, lengths), folder.resolve("encoder.onnx"));
    }
  }

  @Test
  void depthwiseConvolutionsWithSqueezeAndExcitation() {
    ExportReport report = export(new MobileBlock(), Examples.floats(3, 14, 10), Optional.empty());
    assertThat(report.largestDifference()).isLessThan(1e-5);
  }

  @Test
  void aTransformerWithLearnedPositionsAndMaskedMean() {
    ExportReport report =
        export(
            new MaskedMeanTransformer(),
            Examples.ids(30, 0),
            Optional.of(new Lengths(1, 20, "length")));
    assertThat(report.largestDifference()).isLessThan(1e-5);
    assertThat(report.checked())
        .extracting(size -> size.rows() + "x" + size.length())
        .contains("1x1", "1x7", "2x1", "2x7", "5x1", "5x7", "2x20");
  }

  private static Block convolutionsAlongASeries() {
    SequentialBlock block = new SequentialBlock();
    for (int filters : new int[] {4, 8, 16}) {
      block.add(
          Conv1d.builder()
              .setFilters(filters)
              .setKernelShape(new Shape(7))
              .optStride(new Shape(2))
              .optPadding(new Shape(3))
              .optBias(false)
              .build());
      block.add(BatchNorm.builder().build());
      block.add(Activation.reluBlock());
    }
    return block.add(Pool.globalAvgPool1dBlock());
  }

  @Test
  void theEncoderOfTheExampleModality() {
    ExportReport report =
        export(convolutionsAlongASeries(), Examples.floats(1, 64), Optional.empty());
    assertThat(report.largestDifference()).isLessThan(1e-5);
  }

  @Test
  void aLengthThatStandsOnTheThirdAxis() {
    ExampleInputs series = (rows, length) -> Examples.floats(1, length).of(rows, length);
    ExportReport report =
        export(convolutionsAlongASeries(), series, Optional.of(new Lengths(3, 90, "time")));
    assertThat(report.largestDifference()).isLessThan(1e-5);
  }
}
