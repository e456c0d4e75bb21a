package mmct.api.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import mmct.api.engine.Torch;

/// A hash of all query and momentum weights, by which two runs can be told to be the same.
final class WeightsDigest {
  private WeightsDigest() {}

  /// SHA-256 over the values in the order of the names, as hexadecimal digits.
  static String of(Map<String, NDArray> weights) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      weights.entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(entry -> update(digest, entry.getValue()));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void update(MessageDigest digest, NDArray array) {
    // The manager owns the copy that a GPU's array becomes in the machine's own memory.
    try (NDManager scope = array.getManager().newSubManager()) {
      digest.update(Torch.alias(array, scope).toByteBuffer(true));
    }
  }
}
