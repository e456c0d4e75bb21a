package mmct.vision.augment;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import mmct.vision.resample.Planes;

/// All changes of colour of a view, made piece by piece: a piece goes through every change while it
/// lies in the core's nearest cache. Only a change of contrast has to wait until the mean of all
/// pieces is known.
///
/// @param adjustments changes in the order in which they are applied
/// @param grey whether the view becomes grey then
record Colouring(List<Adjustment> adjustments, boolean grey) {
  /// A piece has as many pixels as a square of this side.
  private static final int SIDE = 32;

  /// Changes the colours in place.
  void apply(Planes planes) {
    List<Consumer<Planes>> changes = new ArrayList<>();
    for (Adjustment adjustment : adjustments) {
      if (adjustment instanceof Adjustment.Contrast(float factor)) {
        float mean = (float) (piecewise(planes, changes) / planes.red().length);
        changes.clear();
        changes.add(piece -> ColourOperations.contrast(piece, factor, mean));
      } else {
        changes.add(adjustment::apply);
      }
    }
    if (grey) {
      changes.add(ColourOperations::greyscale);
    }
    if (!changes.isEmpty()) {
      piecewise(planes, changes);
    }
  }

  /// Makes some changes.
  ///
  /// @return the sum of the greys of all pixels thereafter
  private static double piecewise(Planes planes, List<Consumer<Planes>> changes) {
    Planes piece = new Planes(SIDE);
    int pixels = planes.red().length;
    double sum = 0;
    for (int from = 0; from < pixels; from += SIDE * SIDE) {
      int length = Math.min(SIDE * SIDE, pixels - from);
      copy(planes, from, piece, 0, length);
      changes.forEach(change -> change.accept(piece));
      copy(piece, 0, planes, from, length);
      sum += ColourOperations.sumOfGreys(piece, length);
    }
    return sum;
  }

  private static void copy(Planes source, int from, Planes target, int to, int length) {
    System.arraycopy(source.red(), from, target.red(), to, length);
    System.arraycopy(source.green(), from, target.green(), to, length);
    System.arraycopy(source.blue(), from, target.blue(), to, length);
  }
}
