package org.example.lines;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mmct.api.MmctException;
import mmct.api.spi.Evaluation;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.EvaluationContext.Features;
import mmct.api.spi.Evaluator;

/// The mean cosine of the two sides of a sample, less that of sides of different samples.
record Margin(MarginOptions options) implements Evaluator {
  @Override
  public void check(Map<String, Set<String>> encoders) {
    for (String modality : new String[] {options.query(), options.key()}) {
      Set<String> spaces = encoders.getOrDefault(modality, Set.of());
      if (!spaces.contains(options.space())) {
        throw new MmctException(
            "margin compares in the space '%s', but of %s there are features in: %s"
                .formatted(options.space(), modality, String.join(", ", spaces)));
      }
    }
  }

  @Override
  public Optional<Evaluation> evaluate(EvaluationContext context) {
    Features queries = context.encode(options.query(), options.space()); // [n, d]
    Features keys = context.encode(options.key(), options.space()); // [m, d]
    Map<Integer, Integer> partners = new HashMap<>();
    for (int j = 0; j < keys.items(); j++) {
      partners.putIfAbsent(keys.samples()[j], j);
    }
    double together = 0;
    double apart = 0;
    int pairs = 0;
    for (int i = 0; i < queries.items(); i++) {
      Integer partner = partners.get(queries.samples()[i]);
      if (partner != null && partners.size() > 1) {
        together += cosine(queries, i, keys, partner);
        apart += cosine(queries, i, keys, (partner + 1) % keys.items());
        pairs++;
      }
    }
    if (pairs == 0) {
      context.skip("margin: no sample has both %s".formatted(options));
      return Optional.empty();
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("together", together / pairs);
    figures.put("margin", (together - apart) / pairs);
    return Optional.of(new Evaluation(figures, Map.of("pairs", pairs)));
  }

  /// Rows of a space have length 1, so the dot product is the cosine.
  private static double cosine(Features a, int i, Features b, int j) {
    double sum = 0;
    for (int c = 0; c < a.width(); c++) {
      sum += a.values()[i * a.width() + c] * b.values()[j * b.width() + c];
    }
    return sum;
  }
}
