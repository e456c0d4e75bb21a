package mmct.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import mmct.api.MmctException;
import org.junit.jupiter.api.Test;

/// Providers by kind and name.
class CatalogueTest {
  /// No options.
  public record Nothing() {}

  private record Losses(String name) implements LossProvider<Nothing> {
    @Override
    public Class<Nothing> options() {
      return Nothing.class;
    }

    @Override
    public String description() {
      return "for a test";
    }

    @Override
    public Loss create(Nothing options) {
      throw new AssertionError("only its name matters");
    }
  }

  private record Rules(String name) implements PositivesProvider<Nothing> {
    @Override
    public Class<Nothing> options() {
      return Nothing.class;
    }

    @Override
    public String description() {
      return "for a test";
    }

    @Override
    public PositivesRule create(Nothing options) {
      throw new AssertionError("only its name matters");
    }
  }

  @Test
  void aProviderIsFoundByItsKindAndName() {
    Losses near = new Losses("near");
    Rules alsoNear = new Rules("near");
    Catalogue catalogue = Catalogue.of(List.of(new Losses("far"), near, alsoNear));
    assertThat(catalogue.loss("near")).isSameAs(near);
    assertThat(catalogue.positives("near")).isSameAs(alsoNear);
  }

  @Test
  void anUnknownNameIsToldWithTheNearestAndAll() {
    Catalogue catalogue = Catalogue.of(List.of(new Losses("margin"), new Losses("cosine")));
    assertThatThrownBy(() -> catalogue.loss("margn"))
        .isInstanceOf(MmctException.class)
        .hasMessage(
            "there is no loss 'margn'; did you mean margin?; available: cosine, margin (a jar in"
                + " plugins/ can add one)");
    assertThatThrownBy(() -> catalogue.modality("sound"))
        .hasMessage(
            "there is no modality 'sound'; available: none (a jar in plugins/ can add one)");
  }

  @Test
  void twoOfOneKindAndNameAreRefused() {
    assertThatThrownBy(() -> Catalogue.of(List.of(new Losses("a"), new Losses("a"))))
        .isInstanceOf(MmctException.class)
        .hasMessageStartingWith("two providers give the loss 'a': " + Losses.class.getName());
  }

  @Test
  void listingsAreInOrder() {
    Catalogue catalogue = Catalogue.of(List.of(new Losses("b"), new Rules("z"), new Losses("a")));
    assertThat(catalogue.all().keySet())
        .containsExactly("dataset", "evaluator", "exporter", "loss", "modality", "positives rule");
    assertThat(catalogue).asString().contains("loss: a, b").contains("positives rule: z");
  }

  @Test
  void theModulesOwnProvidersAreFoundByTheServiceLoader() {
    assertThat(Catalogue.load().dataset("csv").name()).isEqualTo("csv");
  }
}
