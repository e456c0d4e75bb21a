package mmct.eval.onnx;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import mmct.api.config.Settings;
import mmct.api.config.YamlReader;
import mmct.api.data.Cell;
import mmct.api.data.InMemoryDataset;
import mmct.api.data.Sample;
import mmct.api.spi.Backbone;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;
import mmct.api.spi.Modality;
import mmct.api.spi.ModalityContext;
import mmct.api.spi.ModalityProvider;

/// Encoders of the toolkit, made from their settings as a run makes them.
final class Shipped {
  private static final List<String> WORDS =
      List.of("a dog runs", "a cat sleeps", "two dogs play", "a boy reads", "two cats sleep");

  private Shipped() {}

  /// A modality by the settings of a configuration.
  static Modality modality(String type, String settings) {
    return create(Catalogue.load().modality(type), settings);
  }

  private static <O extends Record> Modality create(ModalityProvider<O> provider, String settings) {
    List<Sample> samples =
        IntStream.range(0, WORDS.size())
            .mapToObj(
                i -> new Sample("s" + i, Map.of("x", new Cell.Strings(List.of(WORDS.get(i))))))
            .toList();
    return provider.create(
        YamlReader.read(settings, "test").bind(provider.options()),
        ModalityContext.inMemory("x", new InMemoryDataset(samples)));
  }

  /// A loss with its defaults.
  static Loss loss(String name) {
    return create(Catalogue.load().loss(name));
  }

  private static <O extends Record> Loss create(LossProvider<O> provider) {
    return provider.create(Settings.empty().bind(provider.options()));
  }

  /// An initialised backbone by the settings of a configuration.
  static Block backbone(String type, String settings, NDManager manager) {
    Backbone backbone = modality(type, settings).newBackbone(true).orElseThrow();
    backbone
        .block()
        .initialize(manager, DataType.FLOAT32, backbone.inputShapes().toArray(Shape[]::new));
    return Examples.shaken(backbone.block(), manager);
  }
}
