package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossInput.Features;
import mmct.api.spi.Needs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every loss can be evaluated on what an author of losses would write down first: features, and
/// what the loss declares.
class SimplestInputTest {
  private static final int N = 6;
  private static final int D = 4;

  static Stream<String> names() {
    return EveryLossTest.names();
  }

  private static List<NDArray> views(int count, NDManager manager, SplittableRandom random) {
    List<NDArray> views = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      views.add(Arrays64.array(LossCases.unit(N, D, random), D, manager));
    }
    return views;
  }

  private static List<Needs.Side> sides(Needs needs) {
    return switch (needs.form()) {
      case Needs.Pair pair -> List.of(pair.query(), pair.key());
      case Needs.Joint joint -> java.util.Collections.nCopies(joint.atLeast(), joint.each());
    };
  }

  @ParameterizedTest
  @MethodSource("names")
  void featuresOfAreEnough(String name) {
    Loss loss = Options.of(name);
    SplittableRandom random = new SplittableRandom(1);
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      LossInput.Builder input = new LossInput.Builder();
      for (Needs.Side side : sides(loss.needs())) {
        input.side(
            Features.of(
                views(side.queries(), manager, random), views(side.keys(), manager, random)));
        if (side.queue() == Needs.Queue.REQUIRED) {
          input.queue(views(1, manager, random).getFirst());
        }
        if (side.backbone()) {
          input.backbone(views(1, manager, random).getFirst());
        }
      }
      NDArray value = loss.evaluate(input.declared(loss.needs()).build()).value();

      assertThat(value.getShape()).isIn(new Shape(N), new Shape());
      for (float number : value.toFloatArray()) {
        assertThat(number).isFinite();
      }
    }
  }

  @Test
  void ofFurtherViewsAllRowsAreThere() {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      Features features = Features.of(views(3, manager, new SplittableRandom(1)), List.of());

      assertThat(features.present())
          .hasSize(2)
          .allSatisfy(rows -> assertThat(rows.toBooleanArray()).hasSize(N).containsOnly(true));
    }
  }

  @Test
  void presenceThatIsForgottenIsRefused() {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      List<NDArray> views = views(3, manager, new SplittableRandom(1));

      assertThatThrownBy(
              () ->
                  new Features(
                      views,
                      List.of(),
                      List.of(),
                      Optional.empty(),
                      Optional.empty(),
                      Optional.empty()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("3 views and 0");
    }
  }

  @Test
  void rowsOfWhichNothingElseIsKnownAreOfDifferentInstances() {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      List<NDArray> views = views(2, manager, new SplittableRandom(1));

      assertThat(LossInput.pair(views.getFirst(), views.getLast()).build().instances())
          .containsExactly(0, 1, 2, 3, 4, 5);
    }
  }
}
