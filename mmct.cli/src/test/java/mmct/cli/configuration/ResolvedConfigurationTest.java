package mmct.cli.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import mmct.api.config.ConfigurationException;
import mmct.api.config.Settings;
import mmct.api.config.YamlReader;
import mmct.api.spi.Catalogue;
import mmct.cli.PluginJar;
import mmct.cli.configuration.ConfigurationReader.Written;
import mmct.cli.plugin.Plugins;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolvedConfigurationTest {
  @TempDir private static Path folder;
  private static Catalogue catalogue;

  private final ConfigurationReader reader =
      new ConfigurationReader(
          new Presets(
              Map.of(
                  "mine",
                  """
                  # Mine.
                  objectives:
                    o: {loss: half, query: a, key: b, space: s}
                  spaces:
                    s: 128
                  schedule: constant
                  """)));

  @BeforeAll
  static void aLossWithOptions() throws IOException {
    PluginJar.write(
        PluginJar.lossNamed("half", "test.half"),
        PluginJar.modulePath(),
        Files.createDirectory(folder.resolve("scratch")),
        folder.resolve("half.jar"));
    catalogue = Plugins.load(List.of(folder), warning -> {});
  }

  @Test
  void everyDefaultIsThereWithWhereEachValueComesFrom() {
    String text =
        reader
            .preset("mine")
            .with(Settings.assignment("batch=32"))
            .resolve(catalogue)
            .describe()
            .replaceAll(" +#", " #");

    assertThat(text.lines())
        .contains(
            "    loss: half # preset mine:3",
            "    share: 0.5 # default",
            "    weight: 1.0 # default",
            "    width: 128 # preset mine:5",
            "    hidden: 2048 # default",
            "  type: constant # preset mine:6",
            "  warmupSteps: 0 # default",
            "batch: 32 # --set batch=32",
            "momentum: 0.999 # default");
  }

  @Test
  void aDescriptionIsAConfigurationThatMeansTheSame() {
    ResolvedConfiguration resolved = reader.preset("mine").resolve(catalogue);

    Settings again = YamlReader.read(resolved.describe(), "again.yaml");

    assertThat(new Written("again", again).resolve(catalogue).settings().toMap())
        .isEqualTo(resolved.settings().toMap());
  }

  @Test
  void aWordAndKeysLaidOverItAreDescribedByTheirKeys() {
    String text =
        reader
            .preset("mine")
            .with(Settings.assignment("schedule.warmupSteps=7"))
            .with(Settings.assignment("spaces.s.hidden=0"))
            .resolve(catalogue)
            .describe()
            .replaceAll(" +#", " #");

    assertThat(text.lines())
        .contains(
            "  type: constant # preset mine:6",
            "  warmupSteps: 7 # --set schedule.warmupSteps=7",
            "    width: 128 # preset mine:5",
            "    hidden: 0 # --set spaces.s.hidden=0")
        .noneMatch(line -> line.contains("\"\""));
  }

  @Test
  void anUnknownProviderIsRefusedWithItsKeyAndPlace() {
    Written written = reader.preset("mine").with(Settings.assignment("objectives.o.loss=hafl"));

    assertThatThrownBy(() -> written.resolve(catalogue))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("objectives.o.loss: there is no loss 'hafl'; did you mean half?")
        .hasMessageEndingWith("(--set objectives.o.loss=hafl)");
  }

  @Test
  void anUnknownOptionIsRefusedWithThoseOfTheCoreAndOfTheProvider() {
    Written written = reader.preset("mine").with(Settings.assignment("objectives.o.shar=1"));

    assertThatThrownBy(() -> written.resolve(catalogue))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("did you mean share?")
        .hasMessageContaining("inBatchNegatives")
        .hasMessageContaining("share");
  }
}
