package mmct.cli.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.io.Checksums;
import mmct.api.spi.Catalogue;
import mmct.api.spi.LossProvider;
import mmct.api.spi.PluginFile;
import mmct.cli.PluginJar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Jars that can be used, and jars that cannot: these are set aside with the reason and the remedy.
class PluginsTest {
  private static final String INFO = "module-info.java";
  private static final String CLASS = "test/half/Half.java";
  private static final Map<String, String> API = Map.of("MMCT-Api", "0.1");

  @TempDir private Path folder;
  @TempDir private Path scratch;
  private final List<String> warnings = new ArrayList<>();

  private Catalogue load() {
    return Plugins.load(List.of(folder), warnings::add);
  }

  private Path empty() throws IOException {
    return Files.createTempDirectory(scratch, "plugin");
  }

  private Path jar(String name, Map<String, String> sources) throws IOException {
    Path jar = folder.resolve(name);
    PluginJar.write(sources, PluginJar.modulePath(), empty(), jar);
    return jar;
  }

  private Path jar(String name, Map<String, String> sources, Map<String, String> manifest)
      throws IOException {
    Path jar = folder.resolve(name);
    Path work = empty();
    PluginJar.pack(PluginJar.compile(sources, PluginJar.modulePath(), work), manifest, work, jar);
    return jar;
  }

  /// A library without anything of the toolkit's in it.
  private Path library(String module, String jarPackage, Path jar) throws IOException {
    Map<String, String> sources =
        Map.of(
            INFO,
            "module %s { exports %s; }".formatted(module, jarPackage),
            jarPackage.replace('.', '/') + "/Thing.java",
            "package %s; public class Thing {}".formatted(jarPackage));
    PluginJar.write(sources, PluginJar.modulePath(), empty(), jar);
    return jar;
  }

  private static Map<String, String> half(UnaryOperator<String> info, UnaryOperator<String> type) {
    Map<String, String> sources = new HashMap<>(PluginJar.lossNamed("half", "test.half"));
    sources.computeIfPresent(INFO, (file, text) -> info.apply(text));
    sources.computeIfPresent(CLASS, (file, text) -> type.apply(text));
    return sources;
  }

  private static String[] classPath() {
    return new String[] {"--class-path", PluginJar.modulePath()};
  }

  private static Map<String, String> half() {
    return PluginJar.lossNamed("half", "test.half");
  }

  /// The one warning that tells of a jar, and what is said when its provider is asked for.
  private void assertSetAside(Path jar, String reason) throws IOException {
    jar("fine.jar", PluginJar.lossNamed("fine", "test.fine"));
    Catalogue catalogue = load();
    String sentence = "the plugin %s is set aside: %s".formatted(jar, reason);

    assertThat(warnings).containsExactly(sentence);
    assertThat(catalogue.loss("fine")).isNotNull();
    assertThat(catalogue.dataset("csv")).isNotNull();
    assertThatThrownBy(() -> catalogue.loss("half"))
        .isInstanceOf(MmctException.class)
        .hasMessageStartingWith("there is no loss 'half'")
        .hasMessageEndingWith("; perhaps it is missing because " + sentence);
  }

  private void assertProviderSetAside(Path jar, String type, String reason) throws IOException {
    jar("fine.jar", PluginJar.lossNamed("fine", "test.fine"));
    Catalogue catalogue = load();
    String sentence =
        "the provider %s of a loss in %s is set aside: %s".formatted(type, jar, reason);

    assertThat(warnings).containsExactly(sentence);
    assertThat(catalogue.loss("fine")).isNotNull();
    assertThatThrownBy(() -> catalogue.loss("half"))
        .hasMessageEndingWith("; perhaps it is missing because " + sentence);
  }

  @Test
  void aJarInTheFolderAddsItsProviders() throws IOException {
    Path jar = jar("half.jar", half());

    Catalogue catalogue = load();
    LossProvider<?> half = catalogue.loss("half");

    assertThat(warnings).isEmpty();
    assertThat(catalogue.origin(half))
        .hasToString("the loss 'half' (test.half.Half in %s)".formatted(jar));
    assertThat(Settings.empty().bind(half.options())).hasToString("Options[share=0.5]");
  }

  @Test
  void foldersAddUpAndThoseThatAreNotThereAreEmpty() throws IOException {
    jar("half.jar", half());
    Path other = Files.createDirectory(scratch.resolve("other"));
    PluginJar.write(
        PluginJar.lossNamed("quarter", "test.quarter"),
        PluginJar.modulePath(),
        empty(),
        other.resolve("quarter.jar"));

    List<Path> folders = List.of(folder, Path.of("nowhere"), other, folder);
    assertThat(Plugins.load(folders, warnings::add).all().get("loss"))
        .extracting(it -> it.name())
        .contains("half", "quarter");
    assertThat(warnings).isEmpty();
  }

  @Test
  void aLibraryThatTheProgramHasAlreadyIsNotLoadedTwice() throws IOException {
    jar("half.jar", half());
    for (String path : PluginJar.modulePath().split(File.pathSeparator)) {
      if (path.contains("picocli")) {
        Files.copy(Path.of(path), folder.resolve("picocli.jar"));
      }
    }

    assertThat(folder.resolve("picocli.jar")).exists();
    assertThat(load().loss("half")).isNotNull();
    assertThat(warnings).isEmpty();
  }

  @Test
  void aLibraryBesideThePluginIsFound() throws IOException {
    Path library = library("a.library", "a.library", folder.resolve("library.jar"));
    PluginJar.write(
        half(text -> text.replace("{", "{ requires a.library;"), text -> text),
        PluginJar.modulePath() + File.pathSeparator + library,
        empty(),
        folder.resolve("half.jar"));

    Catalogue catalogue = load();
    assertThat(catalogue.loss("half")).isNotNull();
    assertThat(warnings).isEmpty();
    assertThat(catalogue.plugins())
        .extracting(it -> it.module().orElse(""), it -> it.file().orElse(scratch))
        .containsExactly(
            tuple("a.library", library), tuple("test.half", folder.resolve("half.jar")));
  }

  @Test
  void aJarThatIsRecordedHasItsVersionAndSha256() throws IOException {
    Path jar = jar("half.jar", half(), Map.of("MMCT-Api", "0.1", "Implementation-Version", "2.5"));

    assertThat(load().plugins())
        .extracting(PluginFile::toMap)
        .containsExactly(
            Map.of(
                "module",
                "test.half",
                "version",
                "2.5",
                "file",
                jar.toString(),
                "sha256",
                Checksums.of(Files.readAllBytes(jar))));
  }

  @Test
  void withoutPluginsNothingIsRecorded() {
    assertThat(load().plugins()).isEmpty();
  }

  @Test
  void aJarThatIsNoJar() throws IOException {
    Path jar = Files.writeString(folder.resolve("broken.jar"), "not a zip");

    assertSetAside(
        jar, "it cannot be read as a jar (zip END header not found); copy or build it again");
  }

  @Test
  void aJarThatLacksALibrary() throws IOException {
    Path library = library("a.library", "a.library", scratch.resolve("library.jar"));
    Path jar = folder.resolve("needy.jar");
    PluginJar.write(
        half(text -> text.replace("{", "{ requires a.library;"), text -> text),
        PluginJar.modulePath() + File.pathSeparator + library,
        empty(),
        jar);

    assertSetAside(
        jar,
        "the module test.half requires a.library, which neither the program nor a jar beside it has;"
            + " put that jar into the same folder");
  }

  @Test
  void aProviderWhoseConstructorThrows() throws IOException {
    Path jar =
        jar(
            "half.jar",
            half(
                text -> text,
                text ->
                    text.replace(
                        "public String name()",
                        "public Half() { throw new IllegalStateException(\"no licence\"); }\n"
                            + "public String name()")));

    assertProviderSetAside(jar, "test.half.Half", "java.lang.IllegalStateException: no licence");
  }

  @Test
  void aProviderWhoseInitialiserFails() throws IOException {
    Path jar =
        jar(
            "half.jar",
            half(
                text -> text,
                text ->
                    text.replace(
                        "public String name()",
                        "static final int N = Integer.parseInt(\"no number\");\n"
                            + "public String name()")));

    assertProviderSetAside(
        jar,
        "test.half.Half",
        "a static initialiser failed: java.lang.NumberFormatException: For input string: \"no number\"");
  }

  @Test
  void aProviderThatHasNoName() throws IOException {
    Path jar =
        jar("half.jar", half(text -> text, text -> text.replace("return \"half\"", "return null")));

    assertProviderSetAside(
        jar,
        "test.half.Half",
        "the loss '?' (test.half.Half in %s) returned null from name".formatted(jar));
  }

  @Test
  void aProviderOfAnOlderContract() throws IOException {
    Path old = empty();
    Map<String, String> api =
        Map.of(
            INFO,
            "module mmct.api { exports mmct.api.spi; exports mmct.api.config; }",
            "mmct/api/config/Setting.java",
            "package mmct.api.config; public @interface Setting"
                + " { String value(); String byDefault(); double min(); double max(); }",
            "mmct/api/spi/Loss.java",
            "package mmct.api.spi; public interface Loss {}",
            "mmct/api/spi/LossProvider.java",
            "package mmct.api.spi; public interface LossProvider<O extends Record>"
                + " { String name(); Class<O> options(); Loss create(O options); }");
    Map<String, String> plugin =
        half(
            text -> text,
            text ->
                text.replace("input -> LossOutput.of(input.query())", "null")
                    .replace("public String description() { return \"Half of nothing.\"; }", ""));
    Path work = empty();
    Path classes = PluginJar.compile(plugin, PluginJar.compile(api, "", old).toString(), work);
    Path jar = folder.resolve("old.jar");
    PluginJar.pack(classes, Map.of(), work, jar);

    load();

    assertThat(warnings)
        .containsExactly(
            "the plugin %s does not say what it is compiled with; write MMCT-Api: 0.1 into its manifest, as the tutorial's POM does"
                .formatted(jar),
            "the provider test.half.Half of a loss in %s is set aside: the loss '?' (test.half.Half in %s) failed in description: java.lang.AbstractMethodError; it is compiled with another version of the toolkit or of a library: compile it against MMCT-Api 0.1"
                .formatted(jar, jar));
  }

  @ParameterizedTest
  @CsvSource({"0.0", "0.2", "1.0"})
  void aJarForAnotherVersionOfTheContracts(String version) throws IOException {
    Path jar = jar("other.jar", half(), Map.of("MMCT-Api", version));

    assertSetAside(
        jar,
        "it is compiled with MMCT-Api %s but this program has 0.1; compile it against this program's mmct.api"
            .formatted(version));
  }

  @Test
  void aVersionThatIsNone() throws IOException {
    Path jar = jar("other.jar", half(), Map.of("mmct-api", "newest"));

    assertSetAside(jar, "MMCT-Api of its manifest must be two numbers such as 0.1 but is 'newest'");
  }

  @Test
  void aJarThatDoesNotSayItsVersionIsUsed() throws IOException {
    Path jar = jar("half.jar", half(), Map.of());

    assertThat(load().loss("half")).isNotNull();
    assertThat(warnings)
        .containsExactly(
            "the plugin %s does not say what it is compiled with; write MMCT-Api: 0.1 into its manifest, as the tutorial's POM does"
                .formatted(jar));
  }

  @Test
  void optionsInAPackageThatIsNotExported() throws IOException {
    Path jar = jar("half.jar", half(text -> text.replace("exports test.half;", ""), text -> text));

    assertProviderSetAside(
        jar,
        "test.half.Half",
        "its options test.half.Half$Options must be a public record in an exported package; say `exports test.half;` in its module-info");
  }

  @Test
  void optionsWithoutASetting() throws IOException {
    Path jar =
        jar(
            "half.jar",
            half(text -> text, text -> text.replaceAll("(?s)@Setting\\(.*?\\) double", "double")));

    assertProviderSetAside(
        jar,
        "test.half.Half",
        "the loss '?' (test.half.Half in %s) failed in options: java.lang.NullPointerException: double share has no @Setting"
            .formatted(jar));
  }

  @Test
  void aJarWithoutProviders() throws IOException {
    Path jar = jar("half.jar", half(text -> text.replaceAll("provides .*; ", ""), text -> text));

    assertSetAside(
        jar,
        "its module test.half provides nothing, and no plugin requires it; say `provides mmct.api.spi.… with …` in its module-info.java");
  }

  @Test
  void aJarWithoutAModuleInfo() throws IOException {
    Map<String, String> sources = new HashMap<>(half());
    sources.remove(INFO);
    Path work = empty();
    Path classes = PluginJar.compile(sources, PluginJar.modulePath(), work, classPath());
    Path jar = folder.resolve("plain-half-2.1.jar");
    PluginJar.pack(classes, API, work, jar);

    assertSetAside(
        jar,
        "it has no module-info, so nothing says what it provides, and no plugin requires its module plain.half; give it a module-info.java with `provides`, as the tutorial shows");
  }

  @Test
  void aJarWithoutAModuleInfoThatSaysWhatItProvidesInTheOldWay() throws IOException {
    Map<String, String> sources = new HashMap<>(half());
    sources.remove(INFO);
    Path work = empty();
    Path classes = PluginJar.compile(sources, PluginJar.modulePath(), work, classPath());
    Path services = Files.createDirectories(classes.resolve("META-INF/services"));
    Files.writeString(services.resolve("mmct.api.spi.LossProvider"), "test.half.Half\n");
    PluginJar.pack(classes, API, work, folder.resolve("plain-half-2.1.jar"));

    assertThat(load().loss("half")).isNotNull();
    assertThat(warnings).isEmpty();
  }

  @Test
  void aFileNameThatGivesNoModuleName() throws IOException {
    Path work = empty();
    Path classes = Files.createDirectories(work.resolve("classes"));
    Path jar = folder.resolve("2-1.jar");
    PluginJar.pack(classes, API, work, jar);
    jar("fine.jar", PluginJar.lossNamed("fine", "test.fine"));

    assertThat(load().loss("fine")).isNotNull();
    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith("the plugin %s is set aside: it cannot be read as a module: ".formatted(jar))
        .endsWith("; give it a module-info.java, as the tutorial shows");
  }

  @ParameterizedTest
  @CsvSource({"module-info.class", "test/half/Half.class"})
  void aJarForANewerJava(String newer) throws IOException {
    Path jar = jar("newer.jar", half());
    int java = Runtime.version().feature();
    try (FileSystem packed = FileSystems.newFileSystem(jar)) {
      Path type = packed.getPath(newer);
      byte[] content = Files.readAllBytes(type);
      content[7] = (byte) (44 + java + 1);
      Files.write(type, content);
    }

    assertSetAside(
        jar,
        "it is compiled for Java %d but runs on Java %d; compile it with --release %d"
            .formatted(java + 1, java, java));
  }

  @Test
  void aClassThatIsDamaged() throws IOException {
    Path work = empty();
    Path classes = PluginJar.compile(half(), PluginJar.modulePath(), work);
    Path type = classes.resolve("test/half/Half.class");
    byte[] content = Files.readAllBytes(type);
    Files.write(type, java.util.Arrays.copyOf(content, content.length / 2));
    Path jar = folder.resolve("damaged.jar");
    PluginJar.pack(classes, API, work, jar);

    assertProviderSetAside(
        jar, "test.half.Half", "java.lang.ClassFormatError: Truncated class file");
  }

  @Test
  void aClassThatIsNotInTheJar() throws IOException {
    Path work = empty();
    Map<String, String> sources =
        half(text -> text, text -> text.replace("String name() {", "String name() { new Other();"));
    Map<String, String> more = new HashMap<>(sources);
    more.put("test/half/Other.java", "package test.half; class Other {}");
    Path classes = PluginJar.compile(more, PluginJar.modulePath(), work);
    Files.delete(classes.resolve("test/half/Other.class"));
    Path jar = folder.resolve("incomplete.jar");
    PluginJar.pack(classes, API, work, jar);

    assertProviderSetAside(
        jar,
        "test.half.Half",
        "the loss '?' (test.half.Half in %s) failed in name: java.lang.NoClassDefFoundError: test/half/Other; the jar that has this class is missing: put it beside the plugin, and say `requires` in its module-info"
            .formatted(jar));
  }

  @Test
  void twoJarsOfOneModule() throws IOException {
    Path one = jar("one.jar", half());
    Path two = jar("two.jar", half());
    Catalogue catalogue = load();

    assertThat(warnings)
        .containsExactly(
            "the plugin %s is set aside: %s is the module test.half too; remove one of them"
                .formatted(one, two),
            "the plugin %s is set aside: %s is the module test.half too; remove one of them"
                .formatted(two, one));
    assertThatThrownBy(() -> catalogue.loss("half"))
        .hasMessageContaining(warnings.getFirst())
        .hasMessageContaining(warnings.getLast());
    assertThatThrownBy(() -> catalogue.modality("half")).hasMessageEndingWith("can add one)");
  }

  @Test
  void twoPluginsOfOneName() throws IOException {
    Path one = jar("one.jar", PluginJar.lossNamed("half", "test.one"));
    Path two = jar("two.jar", PluginJar.lossNamed("half", "test.two"));
    Catalogue catalogue = load();

    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith("the loss 'half' is set aside: two providers give the loss 'half': ")
        .contains("test.one.Half in " + one, "test.two.Half in " + two)
        .endsWith("; remove one of them");
    assertThatThrownBy(() -> catalogue.loss("half")).hasMessage(warnings.getFirst());
  }

  @Test
  void aNameThatTheToolkitHas() throws IOException {
    Path jar = jar("mine.jar", PluginJar.lossNamed("info-nce", "test.mine"));

    Catalogue catalogue = load();

    assertThat(catalogue.origin(catalogue.loss("info-nce")).type())
        .isEqualTo("mmct.losses.InfoNceProvider");
    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith("the loss 'info-nce' of a plugin is set aside: ")
        .contains("test.mine.Half in " + jar, "mmct.losses.InfoNceProvider")
        .endsWith("; the toolkit's own is used, so give the other another name");
  }

  @Test
  void aPackageThatTheProgramHas() throws IOException {
    Map<String, String> sources = new HashMap<>(half());
    sources.put("mmct/api/csv/Mine.java", "package mmct.api.csv; class Mine {}");
    Path work = empty();
    // The compiler refuses it too, unless the class comes later.
    Path classes = PluginJar.compile(half(), PluginJar.modulePath(), work);
    sources.remove(INFO);
    Path later = PluginJar.compile(sources, PluginJar.modulePath(), empty(), classPath());
    Files.createDirectories(classes.resolve("mmct/api/csv"));
    Files.copy(
        later.resolve("mmct/api/csv/Mine.class"), classes.resolve("mmct/api/csv/Mine.class"));
    Path jar = folder.resolve("split.jar");
    PluginJar.pack(classes, API, work, jar);

    assertSetAside(
        jar,
        "Module test.half contains package mmct.api.csv, module mmct.api exports package mmct.api.csv to test.half; a package belongs to one module, so rename it or leave one of the jars out");
  }

  @Test
  void twoLibrariesWithOnePackage() throws IOException {
    library("a.library", "a.shared", folder.resolve("a.jar"));
    Path two = library("b.library", "b.shared", scratch.resolve("b.jar"));
    Path jar = folder.resolve("split.jar");
    PluginJar.write(
        half(text -> text.replace("{", "{ requires a.library; requires b.library;"), text -> text),
        PluginJar.modulePath()
            + File.pathSeparator
            + two
            + File.pathSeparator
            + folder.resolve("a.jar"),
        empty(),
        jar);
    // Another version of the library, whose package is the other's.
    library("b.library", "a.shared", folder.resolve("b.jar"));

    jar("fine.jar", PluginJar.lossNamed("fine", "test.fine"));
    assertThat(load().loss("fine")).isNotNull();
    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith("the plugin %s is set aside: ".formatted(jar))
        .contains("a.library", "b.library", "a.shared", "test.half")
        .endsWith("; a package belongs to one module, so rename it or leave one of the jars out");
  }
}
