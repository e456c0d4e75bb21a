package test.faulty;

import java.util.Map;
import java.util.Optional;
import mmct.api.spi.Evaluation;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.Evaluator;
import mmct.api.spi.EvaluatorProvider;

/// One figure.
public final class Judge implements EvaluatorProvider<Options> {
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
    return "One figure.";
  }

  @Override
  public Evaluator create(Options options) {
    return new Evaluator() {
      @Override
      public Optional<Evaluation> evaluate(EvaluationContext context) {
        Fault.at("evaluate", options.fault());
        double figure = options.fault().equals("nan") ? Double.NaN : 1;
        return Optional.of(new Evaluation(Map.of("figure", figure), Map.of()));
      }
    };
  }
}
