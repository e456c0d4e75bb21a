package mmct.vision.scenes;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import mmct.vision.scenes.Scene.Item;

/// Describes a scene in five sentences, as five people might: each of another form, with the shapes
/// in another order, and with details left out and words replaced.
final class CaptionWriter {
  private static final int CAPTIONS = 5;
  private static final List<String> NUMBERS = List.of("no", "one", "two", "three", "four");

  private final Random random;

  CaptionWriter(Random random) {
    this.random = random;
  }

  /// A form of sentence.
  private enum Form {
    /// The shapes, then the place.
    LIST,
    /// The place, then the shapes.
    PLACE_FIRST,
    /// The number of shapes first.
    COUNT,
    /// Where one shape is as seen from another.
    RELATION,
    /// Two shapes and where they are.
    TWO_POSITIONS,
    /// All shapes and where they are.
    ALL_POSITIONS,
    /// How many of each kind, and one colour.
    KINDS
  }

  /// Five captions of different forms.
  List<String> captions(Scene scene) {
    List<Form> forms = new ArrayList<>(List.of(Form.values()));
    Collections.shuffle(forms, random);
    return forms.subList(0, CAPTIONS).stream().map(form -> sentence(form, scene)).toList();
  }

  private String sentence(Form form, Scene scene) {
    List<Item> items = new ArrayList<>(scene.items());
    Collections.shuffle(items, random);
    String text = text(form, items, any(scene.background().places()));
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
  }

  private String text(Form form, List<Item> items, String place) {
    return switch (form) {
      case LIST -> list(items) + " " + place;
      case PLACE_FIRST ->
          "%s there %s %s".formatted(place, any(List.of("are", "you see")), list(items));
      case COUNT -> "%s shapes %s: %s".formatted(NUMBERS.get(items.size()), place, list(items));
      case RELATION -> relation(items, place);
      case TWO_POSITIONS ->
          items.subList(0, 2).stream()
              .map(item -> described(item) + " at the " + position(item))
              .collect(Collectors.joining(" and "));
      case ALL_POSITIONS ->
          items.stream()
              .map(item -> "%s %s".formatted(position(item), article(coloured(item))))
              .collect(Collectors.joining(", ", place + ", ", ""));
      case KINDS -> kinds(items, place);
    };
  }

  private String relation(List<Item> items, String place) {
    Item first = items.get(0);
    Item second = items.get(1);
    String others = items.size() > 2 ? ", and " + list(items.subList(2, items.size())) : "";
    return "%s %s %s %s%s"
        .formatted(described(first), between(first, second), described(second), place, others);
  }

  /// Where the first is as seen from the second, along the axis on which they are further apart.
  private String between(Item first, Item second) {
    int across = first.column() - second.column();
    int down = first.row() - second.row();
    if (Math.abs(across) > Math.abs(down)) {
      return across < 0 ? "to the left of" : "to the right of";
    }
    if (Math.abs(down) > Math.abs(across)) {
      return down < 0 ? any(List.of("above", "over")) : any(List.of("below", "under"));
    }
    return any(List.of("near", "with"));
  }

  private String kinds(List<Item> items, String place) {
    List<String> counted = new ArrayList<>();
    for (Kind kind : items.stream().map(Item::kind).distinct().toList()) {
      long count = items.stream().filter(item -> item.kind() == kind).count();
      boolean several = count > 1;
      String word = kind.word(several, seldom());
      counted.add(several ? NUMBERS.get((int) count) + " " + word : article(word));
    }
    return "%s %s, one of them %s"
        .formatted(joined(counted), place, items.getFirst().colour().word());
  }

  private String list(List<Item> items) {
    return joined(items.stream().map(this::described).toList());
  }

  private static String joined(List<String> parts) {
    return parts.size() == 1
        ? parts.getFirst()
        : String.join(", ", parts.subList(0, parts.size() - 1)) + " and " + parts.getLast();
  }

  /// A shape with its article, colour and kind, and often its size and texture.
  private String described(Item item) {
    String text = coloured(item);
    if (item.texture() != Texture.PLAIN && random.nextInt(3) > 0) {
      text = item.texture().word() + " " + text;
    }
    if (!item.size().words().isEmpty() && random.nextInt(3) > 0) {
      text = any(item.size().words()) + " " + text;
    }
    return article(text);
  }

  private String coloured(Item item) {
    return item.colour().word() + " " + item.kind().word(false, seldom());
  }

  private static String article(String noun) {
    return ("aeiou".indexOf(noun.charAt(0)) < 0 ? "a " : "an ") + noun;
  }

  /// The item's cell, such as `top left`.
  private static String position(Item item) {
    String row = List.of("top", "centre", "bottom").get(item.row());
    String column = List.of("left", "centre", "right").get(item.column());
    if (row.equals(column)) {
      return row;
    }
    return item.row() == 1 ? column : item.column() == 1 ? row : row + " " + column;
  }

  /// Whether the less usual word is taken.
  private boolean seldom() {
    return random.nextInt(4) == 0;
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
