package mmct.eval.encode;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mmct.api.config.Settings;
import mmct.api.config.YamlReader;
import mmct.api.data.Cell;
import mmct.api.data.HostTensor;
import mmct.api.data.View;
import mmct.api.io.ArtefactStore;
import mmct.api.spi.Backbone;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Modality;
import mmct.api.spi.ModalityContext;
import mmct.api.spi.ModalityProvider;
import mmct.api.spi.TrainedEncoder;
import mmct.eval.onnx.WeightType;

/// Small encoders with random weights as files, and what the block itself makes of the same cells.
public final class TinyEncoders {
  /// Three tags.
  public static final String TAGS = "sun\nsea\nsand\n";

  private TinyEncoders() {}

  /// An exported encoder beside the block that it was made of.
  ///
  /// @param file the ONNX file
  /// @param trained the block and its modality
  public record Exported(Path file, TrainedEncoder trained) {
    /// The features of cells by the block itself.
    public List<float[]> expected(List<Cell> cells) {
      List<View> views = cells.stream().flatMap(c -> trained.reader().plain(c).stream()).toList();
      List<HostTensor> collated = trained.reader().collate(views);
      try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
        NDList inputs = new NDList();
        collated.forEach(tensor -> inputs.add(tensor.toArray(manager)));
        NDArray features =
            trained.block().forward(new ParameterStore(manager, false), inputs, false).head();
        List<float[]> rows = new ArrayList<>();
        for (int row = 0; row < views.size(); row++) {
          rows.add(features.get(row).toFloatArray());
        }
        return rows;
      }
    }
  }

  /// An encoder of three tags, as `tags.onnx`.
  public static Exported tags(Path folder) {
    return export("tags", "encoder: {width: 5, hidden: 7}", Map.of("tags.txt", TAGS), folder);
  }

  /// An encoder by the settings of a configuration.
  ///
  /// @param artefacts by name, the files that a run would have kept
  public static Exported export(
      String type, String settings, Map<String, String> artefacts, Path folder) {
    return export(Catalogue.load().modality(type), settings, artefacts, folder);
  }

  private static <O extends Record> Exported export(
      ModalityProvider<O> provider, String settings, Map<String, String> artefacts, Path folder) {
    O options = YamlReader.read(settings, "test").bind(provider.options());
    ArtefactStore store = ArtefactStore.inMemory();
    Map<String, byte[]> files = new java.util.TreeMap<>();
    artefacts.forEach(
        (name, text) -> {
          files.put(name, text.getBytes(StandardCharsets.UTF_8));
          store.write(name, text.getBytes(StandardCharsets.UTF_8));
        });
    Modality modality =
        provider.create(
            options, new ModalityContext(provider.name(), Optional.empty(), store, 1, note -> {}));
    Backbone backbone = modality.newBackbone(false).orElseThrow();
    NDManager manager = NDManager.newBaseManager("PyTorch");
    backbone
        .block()
        .initialize(manager, DataType.FLOAT32, backbone.inputShapes().toArray(Shape[]::new));
    TrainedEncoder trained =
        new TrainedEncoder(
            provider.name(),
            provider.name(),
            provider.name(),
            Settings.of(options),
            files,
            modality,
            backbone.block(),
            backbone.block(),
            backbone.width(),
            Optional.empty(),
            false,
            Map.of("run", "tiny", "seed", "7"));
    Path file = new OnnxEncoderExporter(WeightType.FLOAT32).export(trained, folder).getFirst();
    return new Exported(file, trained);
  }

  /// How tests run encoders.
  public static EncodingOptions quickly() {
    return new EncodingOptions(EncodingOptions.Device.CPU, 1, 2, 4);
  }
}
