package mmct.eval.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.onnx.proto.OnnxMl;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.data.HostTensor;
import mmct.api.io.Checksums;
import mmct.eval.onnx.spi.OperatorConverter;
import mmct.eval.onnx.spi.OperatorConverters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// What stands in a file, read back by others' readers.
class ExportedFilesTest {
  private static final ExampleInputs ROWS = Examples.floats(6);

  @TempDir Path folder;

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  private Block layers() {
    Block block =
        new SequentialBlock()
            .add(Linear.builder().setUnits(300).build())
            .add(Activation.reluBlock())
            .add(Linear.builder().setUnits(5).build());
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 6));
    return Examples.shaken(block, manager);
  }

  private static OnnxMl.ModelProto read(Path file) throws IOException {
    return OnnxMl.ModelProto.parseFrom(Files.readAllBytes(file));
  }

  /// The SHA-256 of a file with zeros in place of its last 64 bytes.
  private static String digest(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, bytes.length - 64, bytes.length, (byte) '0');
    return Checksums.of(bytes);
  }

  private OnnxRequest request(Block block, WeightType weights) {
    OnnxRequest plain = Examples.request(block, ROWS);
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("mmct.width", "5");
    metadata.put("note", "größer als 1\nzweite Zeile");
    return new OnnxRequest(
        block, List.of("rows"), "features", ROWS, plain.lengths(), metadata, weights);
  }

  @Test
  void namesShapesAndMetadataStandInTheFile() throws IOException {
    Path file = folder.resolve("encoder.onnx");
    ExportReport report = new OnnxExporter().export(request(layers(), WeightType.FLOAT32), file);
    OnnxMl.ModelProto model = read(file);
    assertThat(report.bytes()).isEqualTo(Files.size(file));
    assertThat(report.nodes()).isEqualTo(model.getGraph().getNodeCount());
    assertThat(model.getIrVersion()).isEqualTo(9);
    assertThat(model.getOpsetImport(0).getVersion()).isEqualTo(20);
    assertThat(model.getMetadataPropsList())
        .extracting(OnnxMl.StringStringEntryProto::getKey, OnnxMl.StringStringEntryProto::getValue)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("sealed", "sha256"),
            org.assertj.core.groups.Tuple.tuple("mmct.width", "5"),
            org.assertj.core.groups.Tuple.tuple("note", "größer als 1\nzweite Zeile"),
            org.assertj.core.groups.Tuple.tuple("sha256", digest(file)));
    OnnxMl.ValueInfoProto input = model.getGraph().getInput(0);
    assertThat(input.getName()).isEqualTo("rows");
    assertThat(input.getType().getTensorType().getShape().getDim(0).getDimParam())
        .isEqualTo("batch");
    assertThat(input.getType().getTensorType().getShape().getDim(1).getDimValue()).isEqualTo(6);
    assertThat(model.getGraph().getOutput(0).getName()).isEqualTo("features");
  }

  @Test
  void aLinkInPlaceOfTheFolderOfAnUnfinishedFileIsNotFollowed() throws IOException {
    Path precious = Files.createDirectories(folder.resolve("precious"));
    Files.writeString(precious.resolve("words.txt"), "of another");
    Files.createSymbolicLink(folder.resolve("encoder.onnx.part"), precious);
    new OnnxExporter()
        .export(request(layers(), WeightType.FLOAT32), folder.resolve("encoder.onnx"));
    assertThat(precious.resolve("words.txt")).hasContent("of another");
    assertThat(folder.resolve("encoder.onnx.part")).doesNotExist();
  }

  @Test
  void weightsHaveTheNamesAndValuesOfTheBlock() throws IOException {
    Block block = layers();
    Path file = folder.resolve("encoder.onnx");
    new OnnxExporter().export(request(block, WeightType.FLOAT32), file);
    List<OnnxMl.TensorProto> tensors = read(file).getGraph().getInitializerList();
    mmct.api.graph.ParameterNames.of(block)
        .forEach(
            (name, parameter) -> {
              OnnxMl.TensorProto tensor =
                  tensors.stream().filter(t -> t.getName().equals(name)).findFirst().orElseThrow();
              assertThat(tensor.getDimsList())
                  .isEqualTo(longs(parameter.getArray().getShape().getShape()));
              assertThat(tensor.getRawData().asReadOnlyByteBuffer())
                  .isEqualTo(parameter.getArray().toByteBuffer());
            });
  }

  private static List<Long> longs(long[] values) {
    return java.util.Arrays.stream(values).boxed().toList();
  }

  @Test
  void halfPrecisionHalvesTheFile() throws IOException {
    Block block = layers();
    Path full = folder.resolve("full.onnx");
    Path half = folder.resolve("half.onnx");
    new OnnxExporter().export(request(block, WeightType.FLOAT32), full);
    ExportReport report = new OnnxExporter().export(request(block, WeightType.FLOAT16), half);
    assertThat(report.largestDifference()).isBetween(1e-5, 2e-3);
    assertThat((double) Files.size(half)).isLessThan(0.6 * Files.size(full));
    assertThat(read(half).getGraph().getInitializerList())
        .filteredOn(tensor -> tensor.getName().endsWith("weight"))
        .hasSize(2)
        .allMatch(tensor -> tensor.getDataType() == OnnxMl.TensorProto.DataType.FLOAT16_VALUE);
  }

  @Test
  void weightsThatDoNotFitStandInAFileBesideAndOldOnesAreRemoved() throws IOException {
    Path file = folder.resolve("encoder.onnx");
    OnnxExporter small = new OnnxExporter(List.of(), 4000, Duration.ZERO);
    Files.writeString(folder.resolve("encoder.onnx.data"), "somebody else's");
    small.export(request(layers(), WeightType.FLOAT32), file);
    List<Path> first = files();
    ExportReport report = small.export(request(layers(), WeightType.FLOAT32), file);
    assertThat(files()).hasSize(3).hasSameSizeAs(first).isNotEqualTo(first);
    assertThat(report.bytes()).isGreaterThan(Files.size(file) + 4L * 300 * 11);
    assertThat(Files.size(file)).isLessThan(4000);
    assertThat(read(file).getGraph().getInitializerList())
        .filteredOn(tensor -> tensor.getName().endsWith("weight"))
        .allMatch(tensor -> tensor.getDataLocation() == OnnxMl.TensorProto.DataLocation.EXTERNAL);
    new OnnxExporter().export(request(layers(), WeightType.FLOAT32), file);
    assertThat(files()).hasSize(2);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  @Test
  void aFailedExportLeavesWhatWasThere() throws IOException {
    Path file = folder.resolve("encoder.onnx");
    Files.writeString(file, "the old one");
    Block broken = new Operation(in -> in.head().mul(in.head().getFloat(0)));
    assertThatThrownBy(() -> new OnnxExporter().export(Examples.request(broken, ROWS), file))
        .isInstanceOf(MmctException.class);
    assertThat(file).hasContent("the old one");
    assertThat(files()).containsExactly(file);
  }

  @Test
  @EnabledIfSystemProperty(named = "os.arch", matches = "amd64")
  @EnabledIfSystemProperty(named = "os.name", matches = "Linux")
  void everyFilePassesTheFormatsOwnCheckerInEveryOperatorSet() throws Exception {
    Map<String, Block> blocks = new LinkedHashMap<>();
    blocks.put(
        "{encoder: resnet18, size: 32}",
        Shipped.backbone("image", "{encoder: resnet18, size: 32}", manager));
    blocks.put("bag", Shipped.backbone("tags", "{encoder: bag}", manager));
    blocks.put("bert-small", Shipped.backbone("text", "{encoder: bert-small}", manager));
    blocks.put("transformer", Shipped.backbone("text", "{encoder: transformer}", manager));
    blocks.put("gru", Shipped.backbone("text", "{encoder: {type: gru, width: 16}}", manager));
    for (Map.Entry<String, Block> entry : blocks.entrySet()) {
      Path file = folder.resolve("encoder.onnx");
      boolean picture = entry.getKey().contains("resnet");
      ExampleInputs examples =
          switch (entry.getKey()) {
            case "bag" -> Examples.floats(5);
            default -> picture ? Examples.floats(3, 32, 32) : Examples.ids(20, 0);
          };
      boolean fixed = picture || entry.getKey().equals("bag");
      OnnxRequest newest =
          Examples.request(
              entry.getValue(),
              examples,
              fixed ? Optional.empty() : Optional.of(new Lengths(1, 12, "length")));
      for (int opset = OnnxRequest.LEAST_OPSET; opset <= OnnxRequest.MOST_OPSET; opset++) {
        ExportReport report = OnnxExporter.hasty().export(newest.withOpset(opset), file);
        org.bytedeco.onnx.global.onnx.check_model(file.toString(), true, false, false);
        assertThat(report.largestDifference()).isLessThan(1e-4);
        assertThat(read(file).getOpsetImport(0).getVersion()).isEqualTo(opset);
        assertThat(read(file).getIrVersion()).isEqualTo(opset < 19 ? 8 : 9);
        // ONNX Runtime ends the process for a recurrent layer and no rows.
        if (!entry.getKey().equals("gru")) {
          takesNoRows(entry.getValue(), file, examples.of(1, 7));
        }
      }
    }
  }

  /// The engine ends the process for some layers and no rows, so that only the shape is known.
  private static void takesNoRows(Block block, Path file, List<HostTensor> one) throws Exception {
    List<HostTensor> none = one.stream().map(Evaluation::noRows).toList();
    long width = Evaluation.block(block, one).getFirst().shape().getLast();
    try (Evaluation evaluation = new Evaluation(file)) {
      assertThat(evaluation.file(List.of("input"), none).getFirst().shape())
          .containsExactly(0L, width);
    }
  }

  @Test
  void anOperatorSetThatIsTooOldOrTooNewIsRefused() {
    OnnxRequest request = Examples.request(layers(), ROWS);
    for (int opset : new int[] {16, 21, 0}) {
      assertThatThrownBy(() -> request.withOpset(opset))
          .isInstanceOf(MmctException.class)
          .hasMessageContaining("for the operator sets 17 to 20 but not for " + opset);
    }
  }

  @Test
  void namesThatAreGivenTwiceAreRefused() {
    OnnxRequest request = Examples.request(layers(), ROWS);
    assertThatThrownBy(
            () ->
                new OnnxRequest(
                    request.block(),
                    List.of("features"),
                    "features",
                    ROWS,
                    Optional.empty(),
                    Map.of(),
                    WeightType.FLOAT32))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("'features'");
  }

  @Test
  void aConverterOfAServiceIsUsed() throws IOException {
    Block half = new Operation(in -> in.head().mul(0).erfinv());
    OnnxRequest request = Examples.request(half, ROWS);
    Path file = folder.resolve("encoder.onnx");
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    Thread.currentThread().setContextClassLoader(new ServiceOnly(InverseOfZero.class, folder));
    try {
      assertThat(new OnnxExporter().export(request, file).largestDifference()).isZero();
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
    assertThatThrownBy(() -> new OnnxExporter().export(request, file))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("there is no converter for it");
  }

  /// A converter that is right for zeros.
  public static final class InverseOfZero implements OperatorConverters {
    @Override
    public Map<String, OperatorConverter> converters() {
      return Map.of(
          "erfinv",
          (call, graph) -> List.of(graph.node("Identity").in(call.receiver()).out(call.type())));
    }
  }

  /// A class path with one service on it, as a user's jar is.
  private static final class ServiceOnly extends ClassLoader {
    private final Class<?> provider;
    private final Path folder;

    ServiceOnly(Class<?> provider, Path folder) {
      super(provider.getClassLoader());
      this.provider = provider;
      this.folder = folder;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.equals(provider.getName())) {
        return super.loadClass(name, resolve);
      }
      String resource = "/" + name.replace('.', '/') + ".class";
      try (InputStream content = Objects.requireNonNull(provider.getResourceAsStream(resource))) {
        byte[] bytes = content.readAllBytes();
        Class<?> known = findLoadedClass(name);
        return known != null ? known : defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      if (!name.equals("META-INF/services/" + OperatorConverters.class.getName())) {
        return super.getResources(name);
      }
      Path services = Files.writeString(folder.resolve("services"), provider.getName());
      return Collections.enumeration(List.of(services.toUri().toURL()));
    }
  }
}
