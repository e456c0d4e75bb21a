package mmct.eval.tagging;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import mmct.api.engine.Torch;

/// How well each tag fits each image. All scores never exist at one time: they are asked for in
/// blocks of images or of tags.
sealed interface TagScores {
  /// The scores of all tags for the images `from` (inclusive) to `to` (exclusive), row-major
  /// `[to − from, T]`.
  float[] ofImages(int from, int to);

  /// The scores of all images for the tags `from` (inclusive) to `to` (exclusive), row-major
  /// `[to − from, n]`.
  float[] ofTags(int from, int to);

  /// The cosine of where a network puts an image with where a tag lies.
  ///
  /// @param images unit rows, row-major `[n, d]`
  /// @param tags unit rows, row-major `[T, d]`
  /// @param width d
  record Cosine(float[] images, float[] tags, int width) implements TagScores {
    @Override
    public float[] ofImages(int from, int to) {
      return products(Arrays.copyOfRange(images, from * width, to * width), tags);
    }

    @Override
    public float[] ofTags(int from, int to) {
      return products(Arrays.copyOfRange(tags, from * width, to * width), images);
    }

    /// All dot products of two sets of rows, row-major `[a, b]`.
    private float[] products(float[] a, float[] b) {
      // The features are on the host: a GPU would wait for the copies.
      try (NDManager manager = NDManager.newBaseManager(Device.cpu());
          var _ = Torch.withoutGradient()) {
        NDArray rows = manager.create(a, new Shape(a.length / width, width));
        NDArray columns = manager.create(b, new Shape(b.length / width, width));
        return rows.matMul(columns.transpose()).toFloatArray();
      }
    }
  }

  /// The same scores for all images, such as how frequent a tag is.
  ///
  /// @param scores of the tags, `[T]`
  /// @param images the number of images n
  record OfTagsAlone(float[] scores, int images) implements TagScores {
    @Override
    public float[] ofImages(int from, int to) {
      float[] rows = new float[(to - from) * scores.length];
      for (int at = 0; at < rows.length; at += scores.length) {
        System.arraycopy(scores, 0, rows, at, scores.length);
      }
      return rows;
    }

    @Override
    public float[] ofTags(int from, int to) {
      float[] rows = new float[(to - from) * images];
      for (int tag = from; tag < to; tag++) {
        Arrays.fill(rows, (tag - from) * images, (tag - from + 1) * images, scores[tag]);
      }
      return rows;
    }
  }
}
