package mmct.api.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import mmct.api.data.BrokenCellException;
import mmct.api.data.Cell;
import mmct.api.data.Dataset;
import mmct.api.data.InMemoryDataset;
import mmct.api.data.Sample;
import mmct.api.data.View;
import mmct.api.graph.BatchPlan;
import mmct.api.spi.Backbone;
import mmct.api.spi.Modality;
import mmct.api.training.data.DrawingCost.PerSample;
import org.junit.jupiter.api.Test;

class DrawingCostTest {
  private static final Dataset SAMPLES =
      new InMemoryDataset(List.of(sample("a", 1), sample("b", 2), sample("c", 3)));

  private static Sample sample(String id, float value) {
    return new Sample(id, Map.of("x", new Cell.Numbers(new float[] {value}, 1)));
  }

  /// Takes so many milliseconds of the processor to read a cell and to draw its views.
  private record Busy(int reading, int drawing, boolean tells) implements Modality {
    @Override
    public Views draw(Cell cell, ViewRequest request) {
      work(reading);
      if (tells) {
        request.read().run();
      }
      work(drawing);
      if (((Cell.Numbers) cell).values()[0] < 0) {
        throw new BrokenCellException("negative");
      }
      return new Views(plain(cell), plain(cell));
    }

    @Override
    public List<View> plain(Cell cell) {
      return List.of(View.of(((Cell.Numbers) cell).values(), 1));
    }

    @Override
    public Optional<Backbone> newBackbone(boolean dropout) {
      return Optional.empty();
    }

    private static void work(int millis) {
      var threads = ManagementFactory.getThreadMXBean();
      long until = threads.getCurrentThreadCpuTime() + 1_000_000L * millis;
      while (threads.getCurrentThreadCpuTime() < until) {
        Thread.onSpinWait();
      }
    }
  }

  private static PerSample measure(Dataset samples, Modality modality) {
    BatchPlan plan = new BatchPlan(Map.of("x", new BatchPlan.Draw(modality, 1, 1)), Map.of());
    return DrawingCost.measure(samples, plan, 8);
  }

  private static DrawingCost.Parts parts(PerSample cost) {
    return Objects.requireNonNull(cost.modalities().get("x"));
  }

  @Test
  void readingEndsWhereTheModalitySaysSo() {
    PerSample cost = measure(SAMPLES, new Busy(10, 2, true));

    assertThat(parts(cost).decode()).isGreaterThanOrEqualTo(10);
    assertThat(parts(cost).views()).isGreaterThanOrEqualTo(2).isLessThan(parts(cost).decode());
    assertThat(cost.total()).isGreaterThanOrEqualTo(12);
  }

  @Test
  void allOfItIsViewsWhereTheModalityDoesNotTell() {
    PerSample cost = measure(SAMPLES, new Busy(3, 2, false));

    assertThat(parts(cost).decode()).isZero();
    assertThat(parts(cost).views()).isGreaterThanOrEqualTo(5);
  }

  @Test
  void aCellThatCannotBeReadCostsItsTimeAndNothingElse() {
    Dataset samples = new InMemoryDataset(List.of(sample("bad", -1), sample("good", 1)));

    assertThat(parts(measure(samples, new Busy(4, 0, true))).decode()).isGreaterThanOrEqualTo(4);
  }
}
