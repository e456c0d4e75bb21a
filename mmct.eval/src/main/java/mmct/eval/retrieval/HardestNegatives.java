package mmct.eval.retrieval;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;

/// The ranking hinge of VSE++ (Faghri et al. 2018, Eq. 6) within a batch, both ways: each image
/// against the hardest sentence of another sample, and each sentence against the hardest image,
/// `max(0, α − s(own) + s(other))`. As a sum over the others it is their Eq. 4.
///
/// Others of the same sample are left out, since they are no mismatch; VSE++'s own code counts
/// them.
///
/// @param margin α
record HardestNegatives(double margin) {
  /// The mean over the pairs, `[]`.
  ///
  /// @param images unit rows `[n, d]`
  /// @param sentences unit rows `[n, d]`, row i belongs to image i
  /// @param others `[n, n]`, 1 where image i and sentence j are of different samples, else 0
  /// @param hardest whether the hardest other counts alone, rather than the sum of all
  NDArray loss(NDArray images, NDArray sentences, NDArray others, boolean hardest) {
    NDArray similarities = images.matMul(sentences.transpose()); // [n, n]
    NDArray own = images.mul(sentences).sum(new int[] {1}, true); // [n, 1]
    NDArray ofImages = hinges(similarities, own, others);
    NDArray ofSentences = hinges(similarities, own.transpose(), others);
    int[] rows = {1};
    int[] columns = {0};
    return hardest
        ? ofImages.max(rows).add(ofSentences.max(columns)).mean()
        : ofImages.sum(rows).add(ofSentences.sum(columns)).mean();
  }

  private NDArray hinges(NDArray similarities, NDArray own, NDArray others) {
    return Activation.relu(similarities.sub(own).add(margin)).mul(others); // [n, n]
  }

  /// The loss where all features are one: where training is stuck, it is stuck here.
  double collapsed() {
    return 2 * margin;
  }
}
