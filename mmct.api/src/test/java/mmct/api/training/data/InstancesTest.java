package mmct.api.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import mmct.api.data.Dataset;
import mmct.api.data.Sample;
import org.junit.jupiter.api.Test;

class InstancesTest {
  /// A dataset of ids alone.
  private record Ids(List<String> ids) implements Dataset {
    @Override
    public int size() {
      return ids.size();
    }

    @Override
    public String id(int index) {
      return ids.get(index);
    }

    @Override
    public Sample get(int index) {
      throw new UnsupportedOperationException("only ids are needed");
    }
  }

  @Test
  void agreesWithAHashMapOnRandomIds() {
    SplittableRandom random = new SplittableRandom(3);
    for (int size : new int[] {0, 1, 2, 3, 1000, 5000}) {
      List<String> ids = random.ints(size, 0, Math.max(1, size)).mapToObj(i -> "id" + i).toList();
      Map<String, Integer> first = new HashMap<>();
      IntStream.range(0, size).forEach(i -> first.putIfAbsent(ids.get(i), i));
      Instances instances = Instances.of(new Ids(ids));
      for (int i = 0; i < size; i++) {
        assertThat(instances.first(i)).isEqualTo(first.get(ids.get(i)));
      }
      assertThat(instances.repeated()).isEqualTo(size - first.size());
    }
  }

  /// `Aa` and `BB` have one hash code in Java, and so have all strings made of them; a table on
  /// that hash would need 2,000,000,000 comparisons here.
  @Test
  void idsMadeToCollideCostNothing() {
    List<String> ids =
        IntStream.range(0, 1 << 16)
            .mapToObj(
                bits ->
                    IntStream.range(0, 16)
                        .mapToObj(bit -> (bits >> bit & 1) == 0 ? "Aa" : "BB")
                        .reduce("", String::concat))
            .toList();
    assertThat(ids.stream().mapToInt(String::hashCode).distinct()).hasSize(1);
    long before = System.nanoTime();
    assertThat(Instances.of(new Ids(ids)).repeated()).isZero();
    assertThat(System.nanoTime() - before).isLessThan(2_000_000_000L);
  }
}
