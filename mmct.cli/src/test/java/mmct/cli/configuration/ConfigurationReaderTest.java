package mmct.cli.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import mmct.api.MmctException;
import mmct.api.config.ConfigurationException;
import mmct.api.config.Settings;
import mmct.api.training.RunConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationReaderTest {
  @TempDir private Path folder;

  private final Presets presets =
      new Presets(
          Map.of(
              "base", "# The base.\nbatch: 64\nspaces: {s: {width: 8}, t: {width: 9}}\n",
              "derived", "# Derived.\nextends: base\nbatch: 32\nspaces: {t: null}\n",
              "loop", "extends: pool\n",
              "pool", "extends: loop\n"));

  private final ConfigurationReader reader = new ConfigurationReader(presets);

  private Path file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @Test
  void aPresetIsLaidOverWhatItExtends() {
    Settings settings = reader.preset("derived").settings();

    assertThat(settings.toMap())
        .containsEntry("batch", 32L)
        .containsEntry("spaces", Map.of("s", Map.of("width", 8L)))
        .doesNotContainKey("extends");
    assertThat(settings.origin("batch")).contains("preset derived:3");
    assertThat(settings.child("spaces").child("s").origin("width")).contains("preset base:3");
  }

  @Test
  void aFileExtendsAPresetOrAFileBesideIt() throws IOException {
    file("shared/common.yaml", "extends: base\nseed: 5\n");
    Path mine = file("mine.yaml", "extends: shared/common.yaml\nbatch: 16\n");

    ConfigurationReader.Written written = reader.file(mine);

    assertThat(written.name()).isEqualTo("mine");
    assertThat(written.settings().toMap()).containsEntry("seed", 5L).containsEntry("batch", 16L);
  }

  @Test
  void aFileMayBeCalledAsThePresetThatItExtends() throws IOException {
    Path mine = file("base.yaml", "extends: base\nbatch: 16\n");

    assertThat(reader.file(mine).settings().toMap()).containsEntry("batch", 16L);
  }

  @Test
  void relativePathsStartFromTheFileThatNamesThem() throws IOException {
    file("shared/common.yaml", "data: {path: photos/manifest.csv}\n");
    Path mine = file("mine.yaml", "extends: shared/common.yaml\n");

    assertThat(reader.file(mine).settings().bind(RunConfig.class).data().path())
        .contains(folder.resolve("shared/photos/manifest.csv"));
  }

  @Test
  void aConfigurationThatExtendsItselfIsRefused() throws IOException {
    Path mine = file("mine.yaml", "extends: mine.yaml\n");

    assertThatThrownBy(() -> reader.file(mine))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("cannot extend itself");
    assertThatThrownBy(() -> reader.preset("loop"))
        .hasMessage(
            "a configuration cannot extend itself: preset loop extends preset pool extends preset"
                + " loop");
  }

  @Test
  void whatIsExtendedAndNotThereIsNamedWithTheLineThatAsksForIt() throws IOException {
    Path mine = file("mine.yaml", "batch: 2\nextends: bass\n");

    assertThatThrownBy(() -> reader.file(mine))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "extends (%s:2): there is no preset 'bass'; did you mean base?; there are base,"
                + " derived, loop, pool",
            mine);
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> reader.file(folder.resolve("none.yaml")))
        .isInstanceOf(MmctException.class)
        .hasMessage("the configuration %s does not exist", folder.resolve("none.yaml"));
    assertThatThrownBy(() -> reader.file(folder))
        .hasMessage("the configuration %s is a folder", folder);
  }

  @Test
  void aFileThatIsNoTextIsRefused() throws IOException {
    Path binary = folder.resolve("binary.yaml");
    Files.write(binary, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});

    assertThatThrownBy(() -> reader.file(binary))
        .isInstanceOf(MmctException.class)
        .hasMessage("the configuration %s is not UTF-8 text", binary);
  }

  @Test
  void everyBuiltInPresetStartsWithASentenceAndIsReadable() {
    Presets builtIn = Presets.builtIn();

    assertThat(builtIn.names())
        .contains(
            "quickstart",
            "flickr8k-small",
            "paper-coco",
            "paper-stock",
            "moco",
            "moco-v2",
            "inter-modal",
            "ours",
            "ours-with-tag",
            "unified-heads");
    for (String name : builtIn.names()) {
      assertThat(builtIn.text(name)).startsWith("# ");
      assertThat(builtIn.summary(name)).isNotEmpty();
      Settings settings = new ConfigurationReader(builtIn).preset(name).settings();
      assertThat(settings.bind(RunConfig.class).objectives()).isNotEmpty();
    }
  }
}
