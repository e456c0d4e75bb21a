package mmct.text.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.LinkedHashMap;
import java.util.Map;
import mmct.api.graph.ParameterNames;
import org.junit.jupiter.api.Test;

/// Weights of Hugging Face's `BertModel` fit without renaming.
class BertNamesTest {
  private static final int VOCABULARY = 30_522;

  @Test
  void bertBaseHasHuggingFacesNamesAndShapes() {
    Map<String, Shape> shapes = shapes(BertEncoder.Sizes.base(VOCABULARY, 0, 0.1));

    assertThat(shapes).isEqualTo(expected(12, 768, 3072));
    assertThat(shapes).hasSize(199);
    assertThat(parameters(shapes)).isEqualTo(109_482_240);
  }

  @Test
  void bertSmallHasFourLayersOfHalfAThousand() {
    Map<String, Shape> shapes = shapes(BertEncoder.Sizes.small(VOCABULARY, 0, 0.1));

    assertThat(shapes).isEqualTo(expected(4, 512, 2048));
    assertThat(parameters(shapes)).isEqualTo(28_763_648);
  }

  private static Map<String, Shape> shapes(BertEncoder.Sizes sizes) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (Map.Entry<String, Parameter> entry :
        ParameterNames.of(new BertEncoder(sizes)).entrySet()) {
      shapes.put(entry.getKey(), entry.getValue().getShape());
    }
    return shapes;
  }

  private static long parameters(Map<String, Shape> shapes) {
    return shapes.values().stream().mapToLong(Shape::size).sum();
  }

  private static Map<String, Shape> expected(int depth, int width, int wide) {
    Map<String, Shape> names = new LinkedHashMap<>();
    names.put("embeddings.word_embeddings.weight", new Shape(VOCABULARY, width));
    names.put("embeddings.position_embeddings.weight", new Shape(512, width));
    names.put("embeddings.token_type_embeddings.weight", new Shape(2, width));
    norm(names, "embeddings.LayerNorm", width);
    for (int i = 0; i < depth; i++) {
      String layer = "encoder.layer." + i + ".";
      linear(names, layer + "attention.self.query", width, width);
      linear(names, layer + "attention.self.key", width, width);
      linear(names, layer + "attention.self.value", width, width);
      linear(names, layer + "attention.output.dense", width, width);
      norm(names, layer + "attention.output.LayerNorm", width);
      linear(names, layer + "intermediate.dense", width, wide);
      linear(names, layer + "output.dense", wide, width);
      norm(names, layer + "output.LayerNorm", width);
    }
    linear(names, "pooler.dense", width, width);
    return names;
  }

  private static void linear(Map<String, Shape> names, String name, int in, int out) {
    names.put(name + ".weight", new Shape(out, in));
    names.put(name + ".bias", new Shape(out));
  }

  private static void norm(Map<String, Shape> names, String name, int width) {
    names.put(name + ".weight", new Shape(width));
    names.put(name + ".bias", new Shape(width));
  }
}
