package org.example.lines;

import mmct.api.spi.Evaluator;
import mmct.api.spi.EvaluatorProvider;

/// How much nearer partners are than strangers.
public final class MarginProvider implements EvaluatorProvider<MarginOptions> {
  /// Called by the service loader.
  public MarginProvider() {}

  @Override
  public String name() {
    return "margin";
  }

  @Override
  public Class<MarginOptions> options() {
    return MarginOptions.class;
  }

  @Override
  public String description() {
    return "How much nearer the two sides of a sample are than those of different samples.";
  }

  @Override
  public Evaluator create(MarginOptions options) {
    return new Margin(options);
  }
}
