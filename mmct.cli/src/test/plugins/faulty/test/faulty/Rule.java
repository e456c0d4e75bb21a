package test.faulty;

import java.util.BitSet;
import java.util.List;
import mmct.api.data.HostArray;
import mmct.api.data.View;
import mmct.api.spi.PositivesProvider;
import mmct.api.spi.PositivesRule;

/// Nobody is alike.
public final class Rule implements PositivesProvider<Options> {
  @Override
  public String name() {
    return "faulty";
  }

  @Override
  public Class<Options> options() {
    return Options.class;
  }

  @Override
  public String description() {
    return "Nobody is alike.";
  }

  @Override
  public PositivesRule create(Options options) {
    return new PositivesRule() {
      @Override
      public String of() {
        return "x";
      }

      @Override
      public int[] marks(View view) {
        float[] values = ((HostArray.Floats) view.arrays().getFirst()).values();
        if (values.length == 4 && values[0] == 1 && values[1] == 2 && values[2] == 0) {
          Fault.at("marks", options.fault());
        }
        return new int[] {1};
      }

      @Override
      public List<BitSet> positives(List<int[]> queries, List<int[]> rows) {
        Fault.at("positives", options.fault());
        return queries.stream().map(each -> new BitSet()).toList();
      }
    };
  }
}
