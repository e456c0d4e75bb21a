package mmct.losses;

import static mmct.losses.Close.assertClose;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import org.junit.jupiter.api.Test;

/// The losses against an independent float64 reference.
class LossGoldenTest {
  private static final double RELATIVE = 1e-5;

  @Test
  void infoNce() throws IOException {
    Fixture fixture = Fixture.load("loss-info-nce");
    check(fixture, new InfoNce(fixture.root().at("/inputs/tau").doubleValue()));
  }

  @Test
  void infoNceAtTheExtremesOfCosineAndTemperature() throws IOException {
    Fixture fixture = Fixture.load("loss-info-nce-extreme");
    check(fixture, new InfoNce(fixture.root().at("/inputs/tau").doubleValue()));
  }

  @Test
  void infoNceWithPositivesFromTheQueue() throws IOException {
    Fixture fixture = Fixture.load("loss-tag-nce");
    check(fixture, new InfoNce(fixture.root().at("/inputs/tau").doubleValue()));
  }

  @Test
  void infoNceWhereNoMarkIsShared() throws IOException {
    Fixture fixture = Fixture.load("loss-tag-nce-no-shared-tag");
    check(fixture, new InfoNce(fixture.root().at("/inputs/tau").doubleValue()));
  }

  @Test
  void marginRanking() throws IOException {
    Fixture fixture = Fixture.load("loss-margin-ranking");
    check(
        fixture,
        new MarginRanking(
            fixture.root().at("/inputs/alpha").doubleValue(), MarginRanking.Reduction.SUM));
  }

  private static void check(Fixture fixture, Loss loss) {
    JsonNode root = fixture.root();
    JsonNode inputs = root.get("inputs");
    try (NDManager manager = NDManager.newBaseManager();
        GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
      NDArray query = Fixture.array(inputs.get("q"), manager);
      query.setRequiresGradient(true);
      LossInput.Builder input =
          LossInput.pair(query, Fixture.array(inputs.get("k"), manager))
              .queue(Fixture.array(inputs.get("queue"), manager));
      if (inputs.has("t")) {
        NDArray shared =
            Fixture.array(inputs.get("t"), manager)
                .matMul(Fixture.array(inputs.get("tq"), manager).transpose());
        input.positives(shared.gt(inputs.get("eps").doubleValue()));
      }
      NDArray rows = loss.evaluate(input.build()).value();
      NDArray mean = rows.mean();
      gradients.backward(mean);
      // A gradient adds up rows of unit length, divided by τ where there is one, and by n.
      double summand = 1 / inputs.path("tau").asDouble(1) / query.getShape().get(0);
      assertClose("rows", rows.toFloatArray(), Fixture.doubles(root.get("rows")), RELATIVE, 0);
      assertClose("loss", mean.toFloatArray(), Fixture.doubles(root.get("loss")), RELATIVE, 0);
      assertClose(
          "gradient",
          query.getGradient().toFloatArray(),
          Fixture.doubles(root.get("gradQ")),
          RELATIVE,
          summand);
    }
  }
}
