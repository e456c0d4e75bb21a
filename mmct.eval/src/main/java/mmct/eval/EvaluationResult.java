package mmct.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import mmct.api.io.Checksums;
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

  /// Writes the result as JSON, whole or not at all; a figure that is no number is written as the
  /// text `"NaN"`.
  public void write(Path file) {
    JsonMapper json = JsonMapper.builder().enable(JsonWriteFeature.WRITE_NAN_AS_STRINGS).build();
    try {
      Checksums.writeAnywhere(
          file, json.writerWithDefaultPrettyPrinter().writeValueAsBytes(toMap()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not writable as JSON: " + toMap(), e);
    }
  }

  private Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("fingerprint", dataFingerprint);
    data.put("split", split);
    return data;
  }
}
