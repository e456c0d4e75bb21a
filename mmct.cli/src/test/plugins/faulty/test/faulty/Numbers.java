package test.faulty;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import mmct.api.data.Cell;
import mmct.api.data.Columns;
import mmct.api.data.HostArray;
import mmct.api.data.HostTensor;
import mmct.api.data.View;
import mmct.api.spi.Backbone;
import mmct.api.spi.Modality;
import mmct.api.spi.ModalityContext;
import mmct.api.spi.ModalityProvider;

/// Vectors of four numbers.
public final class Numbers implements ModalityProvider<Options> {
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
    return "Vectors of four numbers.";
  }

  @Override
  public Columns columns() {
    return new Columns(List.of("x"), Columns.Kind.NUMBERS);
  }

  @Override
  public Modality create(Options options, ModalityContext context) {
    Fault.at("create", options.fault());
    return new OfNumbers(options.fault());
  }

  private record OfNumbers(String fault) implements Modality {
    @Override
    public Views draw(Cell cell, ViewRequest request) {
      float[] values = ((Cell.Numbers) cell).values();
      if (values[0] == 1 && values[1] == 2 && values[2] == 0) {
        Fault.at("draw", fault);
        if (fault.equals("draw-null")) {
          return null;
        }
      }
      return new Views(
          Collections.nCopies(request.queries(), view(cell)),
          Collections.nCopies(request.keys(), view(cell)));
    }

    @Override
    public List<View> plain(Cell cell) {
      float[] values = ((Cell.Numbers) cell).values();
      if (values[0] == 1 && values[1] == 2 && values[2] == 0) {
        Fault.at("plain", fault);
      }
      return List.of(view(cell));
    }

    private View view(Cell cell) {
      float[] values = ((Cell.Numbers) cell).values();
      return switch (fault) {
        case "views-short" -> View.of(new float[] {values[0], values[1]}, 2);
        case "views-axes" -> View.of(values, 2, 2);
        case "views-two" ->
            new View(
                List.of(
                    new HostArray.Floats(values, new int[] {4}),
                    new HostArray.Floats(values, new int[] {4})));
        case "views-mixed" -> View.of(new float[values[0] == 1 ? 4 : 3], values[0] == 1 ? 4 : 3);
        default -> View.of(values, 4);
      };
    }

    @Override
    public List<HostTensor> collate(List<View> views) {
      Fault.at("collate", fault);
      return Modality.super.collate(views);
    }

    @Override
    public Optional<Backbone> newBackbone(boolean dropout) {
      Fault.at("backbone", fault);
      Block linear = Linear.builder().setUnits(8).build();
      Block block = fault.startsWith("forward") ? new Throwing(fault) : linear;
      return Optional.of(
          new Backbone(block, fault.equals("width") ? 6 : 8, List.of(new Shape(1, 4))));
    }
  }

  private static final class Throwing extends AbstractBlock {
    private final String fault;

    Throwing(String fault) {
      this.fault = fault;
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
      Fault.at("forward", fault);
      return inputs;
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
      return new Shape[] {new Shape(inputs[0].get(0), 8)};
    }
  }
}
