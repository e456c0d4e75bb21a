package mmct.vision.scenes;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// What a picture shows: two to four shapes in different cells of a grid of three by three, before
/// a background.
record Scene(Background background, List<Item> items) {
  /// The grid's cells along a side.
  static final int GRID = 3;

  /// A shape in a scene.
  ///
  /// @param column its cell from 0, left, to 2, right
  /// @param row its cell from 0, top, to 2, bottom
  record Item(Kind kind, Colour colour, Size size, Texture texture, int column, int row) {}

  /// Draws a scene.
  static Scene draw(Random random) {
    Background background = any(Background.values(), random);
    List<Integer> cells = new ArrayList<>();
    for (int i = 0; i < GRID * GRID; i++) {
      cells.add(i);
    }
    Collections.shuffle(cells, random);
    int count = 2 + random.nextInt(3);
    List<Item> items = new ArrayList<>(count);
    for (int cell : cells.subList(0, count)) {
      items.add(item(cell, random));
    }
    return new Scene(background, List.copyOf(items));
  }

  private static Item item(int cell, Random random) {
    Kind kind = any(Kind.values(), random);
    Colour colour = any(Colour.values(), random);
    Size size = any(Size.values(), random);
    // Half of the shapes are plain, so that a texture is worth mentioning.
    Texture texture = random.nextInt(2) == 0 ? Texture.PLAIN : any(Texture.values(), random);
    return new Item(kind, colour, size, texture, cell % GRID, cell / GRID);
  }

  private static <T> T any(T[] values, Random random) {
    return values[random.nextInt(values.length)];
  }

  /// Words for what is in the picture: kinds, colours and sizes of the shapes, and the background.
  List<String> tags() {
    Set<String> tags = new LinkedHashSet<>();
    for (Item item : items) {
      tags.add(item.kind().word());
      tags.add(item.colour().word());
      item.size().words().stream().findFirst().ifPresent(tags::add);
    }
    tags.add(background.word());
    return List.copyOf(tags);
  }
}
