package mmct.vision.coco;

import java.nio.file.Path;

/// A place in an annotation file, which is only put into words when something is wrong there.
///
/// @param file the file
/// @param list the key of the list
/// @param index the element's position in it, from 0
record Place(Path file, String list, int index) {
  @Override
  public String toString() {
    return "%s: %s[%d]".formatted(file, list, index);
  }
}
