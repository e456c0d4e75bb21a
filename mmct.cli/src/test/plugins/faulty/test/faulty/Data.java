package test.faulty;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mmct.api.data.Cell;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.data.InMemoryDataset;
import mmct.api.data.Sample;
import mmct.api.spi.DatasetProvider;

/// Sixteen vectors.
public final class Data implements DatasetProvider<Options> {
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
    return "Sixteen vectors.";
  }

  @Override
  public boolean recognises(Path location) {
    return false;
  }

  @Override
  public DataSource open(Options options, Request request) {
    Fault.at("open", options.fault());
    return DataSource.of(Map.of("train", new Vectors(options.fault()), "val", vectors(8)));
  }

  private static Dataset vectors(int count) {
    return new InMemoryDataset(IntStream.range(0, count).mapToObj(Data::sample).toList());
  }

  private static Sample sample(int i) {
    float[] vector = {i % 2, i % 3, i % 5, 1};
    return new Sample("v" + i, Map.of("x", new Cell.Numbers(vector, new int[] {4})));
  }

  /// Fails at its sixth sample.
  private record Vectors(String fault) implements Dataset {
    @Override
    public int size() {
      return 16;
    }

    @Override
    public String id(int index) {
      return "v" + index;
    }

    @Override
    public Sample get(int index) {
      if (index == 5) {
        Fault.at("get", fault);
        if (fault.equals("get-null")) {
          return null;
        }
      }
      return sample(index);
    }

    @Override
    public Stream<Cell> cells(String modality) {
      return IntStream.range(0, 16)
          .mapToObj(
              i -> {
                Fault.at("cells", fault);
                return sample(i).cell(modality).orElseThrow();
              });
    }
  }
}
