package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mmct.api.config.ConfigurationException;
import mmct.api.config.Setting;
import mmct.api.config.Settings;
import mmct.api.config.YamlReader;
import mmct.api.data.Columns;
import mmct.api.data.View;
import mmct.api.graph.TrainingGraph;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Modality;
import mmct.api.spi.ModalityContext;
import mmct.api.spi.ModalityProvider;
import mmct.api.spi.PositivesProvider;
import mmct.api.spi.PositivesRule;
import mmct.api.spi.Provider;
import mmct.api.training.Resolution;

/// A run's configuration with one objective, up to the graph that is built of it.
final class Configured {
  private static final String YAML =
      """
      modalities:
        image: { type: vectors }
        text: { type: vectors }
        more: { type: vectors }
      spaces:
        common: { width: 4, hidden: 0 }
      objectives:
        o: { %s, space: common }
      queue: 8
      """;

  private Configured() {}

  /// Builds the graph.
  static void build(String objective, String... assignments) {
    Settings settings = YamlReader.read(YAML.formatted(objective), "run.yaml");
    for (String assignment : assignments) {
      settings = Settings.assignment(assignment).over(settings);
    }
    List<Provider<?>> providers = new ArrayList<>(Catalogue.load().all().get("loss"));
    providers.add(new VectorsProvider());
    providers.add(new NobodyProvider());
    Resolution resolution = new Resolution(settings, Catalogue.of(providers));
    Map<String, Modality> created = new LinkedHashMap<>();
    created.put("image", new Vectors64(5));
    created.put("text", new Vectors64(6));
    created.put("more", new Vectors64(7));
    TrainingGraph.create(resolution.graph(created), Device.cpu(), 1, 10).close();
  }

  /// Expects that it is refused in one sentence.
  static void refused(String message, String objective, String... assignments) {
    assertThatThrownBy(() -> build(objective, assignments))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  /// An objective that compares queries of one modality with keys of another.
  static String pair(String loss) {
    return "loss: %s, query: image, key: text".formatted(loss);
  }

  /// An objective of two modalities.
  static String joint(String loss) {
    return "loss: %s, modalities: [image, text]".formatted(loss);
  }

  /// Options of nothing.
  public record NoOptions(@Setting(value = "Of no consequence.", byDefault = "0") int nothing) {}

  private static final class VectorsProvider implements ModalityProvider<NoOptions> {
    @Override
    public String name() {
      return "vectors";
    }

    @Override
    public Class<NoOptions> options() {
      return NoOptions.class;
    }

    @Override
    public String description() {
      return "vectors";
    }

    @Override
    public Columns columns() {
      return new Columns(List.of("vector"), Columns.Kind.NUMBERS);
    }

    @Override
    public Modality create(NoOptions options, ModalityContext context) {
      return new Vectors64(5);
    }
  }

  private static final class NobodyProvider implements PositivesProvider<NoOptions> {
    @Override
    public String name() {
      return "nobody";
    }

    @Override
    public Class<NoOptions> options() {
      return NoOptions.class;
    }

    @Override
    public String description() {
      return "no row is a positive";
    }

    @Override
    public PositivesRule create(NoOptions options) {
      return new Nobody();
    }
  }

  private record Nobody() implements PositivesRule {
    @Override
    public String of() {
      return "text";
    }

    @Override
    public int[] marks(View view) {
      return new int[0];
    }

    @Override
    public List<BitSet> positives(List<int[]> queries, List<int[]> rows) {
      return queries.stream().map(query -> new BitSet()).toList();
    }
  }
}
