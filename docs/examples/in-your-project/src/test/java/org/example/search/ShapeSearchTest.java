package org.example.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import mmct.api.data.Dataset;
import mmct.api.data.InMemoryDataset;
import mmct.api.graph.TrainingGraph;
import org.junit.jupiter.api.Test;

class ShapeSearchTest {
  @Test
  void aSentenceFindsAnUnseenPictureOfWhatItSays() {
    Dataset training = new InMemoryDataset(Shapes.samples(512, 1));
    Dataset unseen = new InMemoryDataset(Shapes.samples(100, 2));
    try (TrainingGraph graph = ShapeSearch.graph(training)) {
      ShapeSearch.train(graph, training, 4);

      List<String> missed = new ArrayList<>();
      for (String colour : Shapes.COLOURS) {
        for (String shape : Shapes.SHAPES) {
          String found = ShapeSearch.nearest(graph, unseen, "a " + colour + " " + shape);
          if (!found.startsWith(colour + " " + shape + " ")) {
            missed.add(colour + " " + shape + ": " + found);
          }
        }
      }
      // By chance eleven of twelve sentences would miss.
      assertThat(missed).hasSizeLessThanOrEqualTo(4);
    }
  }
}
