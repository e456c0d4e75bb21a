package mmct.eval;

import java.util.LinkedHashMap;
import java.util.Map;
import mmct.api.spi.Evaluation;

/// An evaluation and what must be known to repeat it: the content of `results/NAME.json` in a run
/// folder.
///
/// @param name the name under which the evaluation was run
/// @param evaluation its figures and protocol
/// @param dataFingerprint the fingerprint of the data
/// @param split the split of the data that was judged
/// @param seed the seed of the run
/// @param run the run whose encoders were judged
public record EvaluationResult(
    String name,
    Evaluation evaluation,
    String dataFingerprint,
    String split,
    long seed,
    String run) {

  /// The result as maps, texts and numbers, in the order in which to write them.
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", name);
    map.put("figures", evaluation.figures());
    map.put("protocol", evaluation.protocol());
    map.put("data", data());
    map.put("seed", seed);
    map.put("run", run);
    return map;
  }

  private Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("fingerprint", dataFingerprint);
    data.put("split", split);
    return data;
  }
}
