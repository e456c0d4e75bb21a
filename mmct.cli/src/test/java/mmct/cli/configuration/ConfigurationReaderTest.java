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
import mmct.api.spi.Catalogue;
import mmct.api.training.RunConfig;
import mmct.cli.configuration.ConfigurationReader.Written;
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
  void aPathOfOnesOwnTakesTheGeneratorAway() throws IOException {
    Path mine = file("mine.yaml", "extends: quickstart\ndata: {path: photos}\n");
    Path both = file("both.yaml", "extends: quickstart\ndata: {type: scenes, path: photos}\n");
    ConfigurationReader all = new ConfigurationReader(Presets.builtIn());

    assertThat(all.file(mine).settings().child("data").toMap()).isEqualTo(Map.of("path", "photos"));
    assertThat(all.file(mine).settings().bind(RunConfig.class).data().path())
        .contains(folder.resolve("photos"));
    assertThat(all.file(both).settings().child("data").text("type")).contains("scenes");
    assertThat(
            all.preset("quickstart")
                .with(Settings.assignment("data.path=photos"))
                .settings()
                .child("data")
                .keys())
        .containsExactly("path");
  }

  @Test
  void aWordThatTakesTheWholeGroupAwaySaysWhatItTakes() {
    ConfigurationReader all = new ConfigurationReader(Presets.builtIn());
    Written quickstart = all.preset("quickstart");

    assertThat(quickstart.notes()).isEmpty();
    assertThat(quickstart.with(Settings.assignment("optimizer=adamw")).notes())
        .containsExactly(
            "optimizer is only adamw now (--set optimizer=adamw), and what was set beside it is back"
                + " at its default: lr 0.001, betas [0.9, 0.98], weightDecay 0.01;"
                + " optimizer.type=adamw keeps it");
    assertThat(quickstart.with(Settings.assignment("optimizer.type=adamw")).notes()).isEmpty();
    assertThat(quickstart.with(Settings.assignment("modalities.tags=null")).notes()).isEmpty();
  }

  @Test
  void aGroupThatIsLeftOpenSaysWhatItTakes() throws IOException {
    Path open = file("open.yaml", "extends: base\nspaces:\n#  s: {width: 3}\n");
    Path meant = file("meant.yaml", "extends: base\nspaces: null\n");

    assertThat(reader.file(open).notes())
        .containsExactly(
            "spaces has no value (%s:2), which takes away what was set below it (s {width 8}, t {width 9}); null says so on purpose"
                .formatted(open));
    assertThat(reader.file(meant).notes()).isEmpty();
  }

  @Test
  void anotherKindOfEncoderLeavesOutWhatThePresetSetsForItsOwn() {
    Catalogue catalogue = Catalogue.load(Presets.class.getModule().getLayer());
    Written gru =
        new ConfigurationReader(Presets.builtIn())
            .preset("quickstart")
            .with(Settings.assignment("modalities.caption.encoder.type=gru"));

    ResolvedConfiguration resolved = gru.resolve(catalogue);

    assertThat(resolved.settings().child("modalities").child("caption").child("encoder").toMap())
        .isEqualTo(Map.of("type", "gru", "width", 128L));
    assertThat(resolved.notes())
        .singleElement()
        .asString()
        .startsWith("modalities.caption.encoder.type is gru now (--set ")
        .contains("depth 2 (preset flickr8k-small:", "heads 4", "dropout 0.1");
  }

  @Test
  void anotherProviderStartsWithItsOwnDefaults() {
    Catalogue catalogue = Catalogue.load(Presets.class.getModule().getLayer());
    Written tags =
        new ConfigurationReader(Presets.builtIn())
            .preset("quickstart")
            .with(Settings.assignment("modalities.caption.type=tags"));

    ResolvedConfiguration resolved = tags.resolve(catalogue);

    assertThat(
            resolved.settings().child("modalities").child("caption").child("encoder").text("type"))
        .contains("bag");
    assertThat(resolved.notes())
        .singleElement()
        .asString()
        .contains("encoder {type, depth, width, heads, dropout} (preset ", "maxLength 36");
  }

  @Test
  void noPresetHasAnythingLeftOut() {
    Catalogue catalogue = Catalogue.load(Presets.class.getModule().getLayer());
    Presets builtIn = Presets.builtIn();

    for (String name : builtIn.names()) {
      assertThat(new ConfigurationReader(builtIn).preset(name).resolve(catalogue).notes())
          .as(name)
          .isEmpty();
    }
  }

  @Test
  void filesThatExtendOneAnotherInACircleAreRefusedWhateverPathsTheyGo() throws IOException {
    Path a = file("a.yaml", "extends: sub/b.yaml\nbatch: 2\n");
    file("sub/b.yaml", "extends: ../link.yaml\nseed: 2\n");
    Files.createSymbolicLink(folder.resolve("link.yaml"), a);

    assertThatThrownBy(() -> reader.file(a))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("cannot extend itself");
  }

  @Test
  void whatIsNeitherAPresetNorTheNameOfAFileIsRefusedWithItsLine() throws IOException {
    Path mine = file("mine.yaml", "extends: sub/base\n");
    Path empty = file("empty.yaml", "# nothing yet\n");
    Path second = file("second.yaml", "extends: base\n---\nbatch: 2\n");

    assertThatThrownBy(() -> reader.file(mine))
        .hasMessage(
            "extends (%s:1): the name of a file that is extended ends in .yaml or .yml but was 'sub/base'",
            mine);
    assertThatThrownBy(() -> reader.file(empty))
        .hasMessageStartingWith(empty + " sets nothing; a configuration names ");
    assertThatThrownBy(() -> reader.file(second))
        .hasMessage("a configuration is one document but a second one begins (%s:2)", second);
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
