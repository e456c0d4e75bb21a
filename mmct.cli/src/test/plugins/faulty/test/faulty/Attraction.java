package test.faulty;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.LossProvider;
import mmct.api.spi.LossState;
import mmct.api.spi.Needs;

/// Minus the cosine.
public final class Attraction implements LossProvider<Options> {
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
    return "Minus the cosine.";
  }

  @Override
  public Loss create(Options options) {
    Fault.at("create", options.fault());
    return options.fault().equals("create-null") ? null : new OfCosines(options.fault());
  }

  private record OfCosines(String fault) implements Loss {
    @Override
    public Needs needs() {
      return Needs.pair().state(new LossState("mean", new Shape(4), 0, false));
    }

    @Override
    public LossOutput evaluate(LossInput input) {
      Fault.at("evaluate", fault);
      NDArray value = input.query().mul(input.key()).sum(new int[] {1}).neg(); // [n]
      return switch (fault) {
        case "nothing" -> null;
        case "matrix" -> LossOutput.of(input.query().mul(input.key()));
        case "rows" -> LossOutput.of(value.concat(value));
        case "integers" -> LossOutput.of(value.toType(DataType.INT64, false));
        case "constant" -> LossOutput.of(value.stopGradient());
        case "state" -> LossOutput.of(value).with("mean", value.stopGradient().sum());
        case "stranger" -> LossOutput.of(value).with("other", value.stopGradient());
        default -> LossOutput.of(value);
      };
    }
  }
}
