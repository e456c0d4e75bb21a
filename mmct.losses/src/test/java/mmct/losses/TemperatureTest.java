package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Loss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Learned temperatures at their bounds.
class TemperatureTest {
  static Stream<String> learned() {
    return Catalogue.load().all().get("loss").stream()
        .map(provider -> provider.name())
        .filter(
            name ->
                Options.of(name).needs().parameters().stream()
                    .anyMatch(parameter -> parameter.name().equals(Temperature.PARAMETER)));
  }

  private static float gradient(String name, Map<String, ?> options) {
    Loss loss = Options.loss(name, options);
    LossCase given = new LossCases(5, 4, 6).alike(0.3).of(loss.needs(), 4).at(500, 0);
    return given.evaluate(loss).parameters().get(Temperature.PARAMETER)[0];
  }

  @ParameterizedTest
  @MethodSource("learned")
  void onTheLowerBoundTheGradientIsWhole(String name) {
    float within = gradient(name, Map.of("temperature", 0.05, "lowestTemperature", 0.02));
    assertThat(Math.abs(within)).isGreaterThan(1e-4f);
    assertThat(gradient(name, Map.of("temperature", 0.05, "lowestTemperature", 0.05)))
        .isEqualTo(within);
  }

  @ParameterizedTest
  @MethodSource("learned")
  void onTheUpperBoundTheGradientIsWhole(String name) {
    boolean option =
        Stream.of(Catalogue.load().loss(name).options().getRecordComponents())
            .anyMatch(component -> component.getName().equals("highestTemperature"));
    Map<String, Object> loose = new TreeMap<>(Map.of("temperature", option ? 0.3 : 99));
    Map<String, Object> tight = new TreeMap<>(Map.of("temperature", option ? 0.3 : 100));
    if (option) {
      loose.put("highestTemperature", 0.4);
      tight.put("highestTemperature", 0.3);
    }
    float within = gradient(name, loose);
    float expected = option ? within : within * 99 / 100;
    assertThat(gradient(name, tight))
        .isCloseTo(expected, within(0.02f * Math.abs(expected)))
        .isNotZero();
  }

  @Test
  void outsideItsBoundsTheValueIsThatOfTheBoundAndTheGradientLeadsBack() {
    Loss loss = Options.loss("clip", Map.of("temperature", 0.05, "lowestTemperature", 0.05));
    LossCase on = new LossCases(5, 4, 0).of(loss.needs(), 4);
    LossCase below = on.parameter(Temperature.PARAMETER, Math.log(0.04));
    LossCase above = on.parameter(Temperature.PARAMETER, Math.log(120));
    LossCase flat = on.parameter(Temperature.PARAMETER, Math.log(100));
    assertThat(below.evaluate(loss).rows()).containsExactly(on.evaluate(loss).rows());
    assertThat(above.evaluate(loss).rows()).containsExactly(flat.evaluate(loss).rows());
    assertThat(below.evaluate(loss).parameters().get(Temperature.PARAMETER)).containsExactly(-1);
    assertThat(above.evaluate(loss).parameters().get(Temperature.PARAMETER)).containsExactly(1);
  }
}
