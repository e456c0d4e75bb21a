package mmct.eval.verify;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mmct.api.MmctException;
import mmct.api.io.Checksums;
import mmct.api.io.SafeTensors;

/// Exported weights whose metadata hold the checksums of the files beside them: in
/// `caption.safetensors`, `sha256.vocabulary.txt` is of `caption.vocabulary.txt`.
final class ExportedWeights {
  private static final String ENDING = ".safetensors";
  private static final String KEY = "sha256.";

  private ExportedWeights() {}

  /// Compares a file with what the weights say that it belongs to.
  ///
  /// @return the files of weights that agree
  /// @throws MmctException where it differs
  static List<String> compare(Path file) {
    String name = String.valueOf(file.getFileName());
    List<String> agreeing = new ArrayList<>();
    for (int dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
      String owner = name.substring(0, dot) + ENDING;
      String expected = metadata(file.resolveSibling(owner)).get(KEY + name.substring(dot + 1));
      if (expected == null) {
        continue;
      }
      if (!expected.equals(Checksums.of(file))) {
        throw new MmctException("its SHA-256 is not that in " + owner);
      }
      agreeing.add(owner);
    }
    return agreeing;
  }

  /// The files beside weights that these hold checksums of, where they are there.
  static List<Path> beside(Path weights) {
    String name = String.valueOf(weights.getFileName());
    if (!name.endsWith(ENDING)) {
      return List.of();
    }
    String stem = name.substring(0, name.length() - ENDING.length());
    return metadata(weights).keySet().stream()
        .filter(key -> key.startsWith(KEY))
        .map(key -> weights.resolveSibling(stem + "." + key.substring(KEY.length())))
        .filter(Files::exists)
        .sorted()
        .toList();
  }

  private static Map<String, String> metadata(Path weights) {
    if (!Files.isRegularFile(weights)) {
      return Map.of();
    }
    try (SafeTensors tensors = SafeTensors.open(weights)) {
      return tensors.metadata();
    } catch (MmctException e) {
      // Told when that file is looked at.
      return Map.of();
    }
  }
}
