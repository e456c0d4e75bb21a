package mmct.api.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mmct.api.graph.Batch;
import mmct.api.graph.Objective;
import mmct.api.graph.Objective.Term;
import mmct.api.spi.Constant;

/// Adds up the objectives of a step over the parts of its batch (Eq. 15). A part's share of an
/// objective is its share of the objective's rows, so that parts give the mean over the batch.
final class Totals {
  private final Map<String, Double> weights = new LinkedHashMap<>();
  private final Map<String, Integer> rows = new LinkedHashMap<>();
  private final Map<String, Double> terms = new LinkedHashMap<>();
  private final List<Culprit> culprits = new ArrayList<>();

  private record Culprit(String term, double value, List<String> samples) {}

  Totals(List<Batch> parts, List<Objective> objectives) {
    for (Objective objective : objectives) {
      weights.put(objective.name(), objective.spec().weight());
      rows.put(objective.name(), parts.stream().mapToInt(p -> objective.rows(p).length).sum());
    }
  }

  /// Adds the terms of a part.
  ///
  /// @return what is to be differentiated, `[]`; empty where no objective has rows in this part
  Optional<NDArray> add(Map<String, Term> part, Batch batch) {
    NDList weighted = new NDList();
    NDList values = new NDList();
    part.forEach(
        (name, term) -> {
          values.add(term.value().stopGradient());
          double factor = weights.getOrDefault(name, 0.0) * share(name, term);
          weighted.add(term.value().mul(Constant.of(term.value(), factor)));
        });
    if (weighted.isEmpty()) {
      return Optional.empty();
    }
    float[] read = NDArrays.stack(values).toFloatArray();
    int i = 0;
    for (Map.Entry<String, Term> entry : part.entrySet()) {
      Term term = entry.getValue();
      double value = read[i++];
      terms.merge(entry.getKey(), value * share(entry.getKey(), term), Double::sum);
      if (!Double.isFinite(value)) {
        culprits.add(new Culprit(entry.getKey(), value, samples(term, batch)));
      }
    }
    NDArray total = weighted.head();
    for (NDArray more : weighted.subNDList(1)) {
      total = total.add(more);
    }
    return Optional.of(total);
  }

  private double share(String name, Term term) {
    return (double) term.rows().length / rows.getOrDefault(name, 1);
  }

  private static List<String> samples(Term term, Batch batch) {
    List<String> bad = new ArrayList<>();
    List<String> all = new ArrayList<>();
    float[] each = term.each().toFloatArray();
    for (int i = 0; i < term.rows().length; i++) {
      String id = batch.ids().get(term.rows()[i]);
      all.add(id);
      if (each.length == term.rows().length && !Float.isFinite(each[i])) {
        bad.add(id);
      }
    }
    return bad.isEmpty() ? all : bad;
  }

  /// Stops a run whose loss has left the numbers.
  void requireFinite(long stepsDone) {
    if (!culprits.isEmpty()) {
      Culprit first = culprits.getFirst();
      throw new NonFiniteLossException(stepsDone + 1, first.term(), first.value(), first.samples());
    }
  }

  TrainingStep.Result result(double gradientNorm) {
    double total = 0;
    for (Map.Entry<String, Double> term : terms.entrySet()) {
      total += weights.getOrDefault(term.getKey(), 0.0) * term.getValue();
    }
    return new TrainingStep.Result(new LinkedHashMap<>(terms), total, gradientNorm);
  }
}
