package mmct.api.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Dependencies between the packages run one way: training → graph → spi → data, with the
/// configuration at the bottom.
class LayersTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter().importPath(Path.of("target", "classes"));

  /// From the bottom up; a package may use those before it.
  private static final List<String> LAYERS =
      List.of("config", "io", "data", "engine", "spi", "graph", "run", "training");

  static Stream<Arguments> layersWithThoseAbove() {
    return LAYERS.stream()
        .map(it -> Arguments.of(it, LAYERS.subList(LAYERS.indexOf(it) + 1, LAYERS.size())))
        .filter(it -> !((List<?>) it.get()[1]).isEmpty());
  }

  @ParameterizedTest(name = "{0} uses none of {1}")
  @MethodSource("layersWithThoseAbove")
  void aLayerUsesOnlyThoseBelow(String layer, List<String> above) {
    noClasses()
        .that()
        .resideInAPackage("mmct.api." + layer + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            above.stream().map(it -> "mmct.api." + it + "..").toArray(String[]::new))
        .check(CLASSES);
  }

  @Test
  void packagesAreFreeOfCycles() {
    slices().matching("mmct.api.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void onlyTheEnginesDoorLeadsBelowDeepJavaLibrary() {
    noClasses()
        .that()
        .resideOutsideOfPackage("mmct.api.engine..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ai.djl.pytorch..")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Linker.class, SymbolLookup.class, FunctionDescriptor.class)
        .check(CLASSES);
  }

  /// Files larger than two gigabytes can only be mapped as memory segments.
  @Test
  void onlyTheEngineAndTheFilesUseForeignMemory() {
    noClasses()
        .that()
        .resideOutsideOfPackages("mmct.api.engine..", "mmct.api.io..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.lang.foreign..")
        .check(CLASSES);
  }
}
