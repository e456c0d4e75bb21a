package mmct.cli.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.spi.LossProvider;
import mmct.cli.PluginJar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginsTest {
  @TempDir private Path folder;
  @TempDir private Path scratch;

  private Path jar(String name, Map<String, String> sources) throws IOException {
    Path jar = folder.resolve(name);
    PluginJar.write(
        sources, PluginJar.modulePath(), Files.createTempDirectory(scratch, "plugin"), jar);
    return jar;
  }

  @Test
  void aJarInTheFolderAddsItsProviders() throws IOException {
    jar("half.jar", PluginJar.lossNamed("half", "test.half"));

    LossProvider<?> half = Plugins.load(List.of(folder)).loss("half");

    assertThat(half.getClass().getModule().getName()).isEqualTo("test.half");
    assertThat(Settings.empty().bind(half.options())).hasToString("Options[share=0.5]");
  }

  @Test
  void foldersAddUpAndThoseThatAreNotThereAreEmpty() throws IOException {
    jar("half.jar", PluginJar.lossNamed("half", "test.half"));
    Path other = Files.createDirectory(scratch.resolve("other"));
    PluginJar.write(
        PluginJar.lossNamed("quarter", "test.quarter"),
        PluginJar.modulePath(),
        Files.createDirectory(scratch.resolve("quarter")),
        other.resolve("quarter.jar"));

    assertThat(Plugins.load(List.of(folder, Path.of("nowhere"), other)).all().get("loss"))
        .extracting(it -> it.name())
        .contains("half", "quarter");
  }

  @Test
  void aJarThatIsNoJarIsNamed() throws IOException {
    Files.writeString(folder.resolve("broken.jar"), "not a zip");

    assertThatThrownBy(() -> Plugins.load(List.of(folder)))
        .isInstanceOf(MmctException.class)
        .hasMessageStartingWith("the plugin " + folder.resolve("broken.jar") + " cannot be used: ")
        .hasMessageNotContaining("\n");
  }

  @Test
  void aJarThatLacksALibraryIsNamedWithTheLibrary() throws IOException {
    Map<String, String> sources = new HashMap<>(PluginJar.lossNamed("half", "test.half"));
    sources.computeIfPresent(
        "module-info.java", (file, text) -> text.replace("{", "{ requires java.sql;"));
    jar("fine.jar", PluginJar.lossNamed("fine", "test.fine"));
    Path library = scratch.resolve("library.jar");
    PluginJar.write(
        Map.of(
            "module-info.java", "module a.library { exports a.library; }",
            "a/library/Thing.java", "package a.library; public class Thing {}"),
        PluginJar.modulePath(),
        Files.createDirectory(scratch.resolve("library")),
        library);
    sources.computeIfPresent(
        "module-info.java", (file, text) -> text.replace("java.sql", "a.library"));
    PluginJar.write(
        sources,
        PluginJar.modulePath() + java.io.File.pathSeparator + library,
        Files.createDirectory(scratch.resolve("needy")),
        folder.resolve("needy.jar"));

    assertThatThrownBy(() -> Plugins.load(List.of(folder)))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("the plugin " + folder.resolve("needy.jar") + " cannot be used")
        .hasMessageContaining("a.library");
  }

  @Test
  void aProviderThatFailsIsNamedWithItsJar() throws IOException {
    Map<String, String> sources = new HashMap<>(PluginJar.lossNamed("half", "test.half"));
    sources.computeIfPresent(
        "test/half/Half.java",
        (file, text) ->
            text.replace(
                "public String name()",
                "public Half() { throw new IllegalStateException(\"no licence\"); }\n"
                    + "public String name()"));
    jar("fine.jar", PluginJar.lossNamed("fine", "test.fine"));
    jar("half.jar", sources);

    assertThatThrownBy(() -> Plugins.load(List.of(folder)))
        .isInstanceOf(MmctException.class)
        .hasMessage("the plugin " + folder.resolve("half.jar") + " cannot be used: no licence");
  }

  @Test
  void twoJarsOfOneModuleAreBothNamed() throws IOException {
    Path one = jar("one.jar", PluginJar.lossNamed("half", "test.half"));
    Path two = jar("two.jar", PluginJar.lossNamed("half", "test.half"));

    assertThatThrownBy(() -> Plugins.load(List.of(folder)))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining(one.toString())
        .hasMessageContaining(two.toString())
        .hasMessageContaining("test.half");
  }

  @Test
  void twoPluginsOfOneNameAreBothNamed() throws IOException {
    jar("one.jar", PluginJar.lossNamed("half", "test.one"));
    jar("two.jar", PluginJar.lossNamed("half", "test.two"));

    assertThatThrownBy(() -> Plugins.load(List.of(folder)))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("test.one.Half")
        .hasMessageContaining("test.two.Half");
  }

  @Test
  void aLibraryThatTheProgramHasAlreadyIsNotLoadedTwice() throws IOException {
    jar("half.jar", PluginJar.lossNamed("half", "test.half"));
    for (String path : PluginJar.modulePath().split(java.io.File.pathSeparator)) {
      if (path.contains("picocli")) {
        Files.copy(Path.of(path), folder.resolve("picocli.jar"));
      }
    }

    assertThat(folder.resolve("picocli.jar")).exists();
    assertThat(Plugins.load(List.of(folder)).loss("half")).isNotNull();
  }
}
