package mmct.vision.augment;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleBiFunction;
import mmct.vision.resample.Planes;

/// All changes of colour of a view, made piece by piece: a piece goes through every change while it
/// lies in the core's nearest cache. Only a change of contrast has to wait until the mean of all
/// pieces is known.
///
/// @param adjustments changes in the order in which they are applied
/// @param grey whether the view becomes grey then
record Colouring(List<Adjustment> adjustments, boolean grey) {
  /// Changes the colours of the view.
  void apply(Workspace workspace) {
    List<Consumer<Planes>> changes = new ArrayList<>();
    for (Adjustment adjustment : adjustments) {
      if (adjustment instanceof Adjustment.Contrast(float factor)) {
        float mean = (float) (greys(workspace, changes) / workspace.view().red().length);
        changes.clear();
        changes.add(piece -> ColourOperations.contrast(piece, factor, mean));
      } else {
        changes.add(piece -> adjustment.apply(piece, workspace.beside()));
      }
    }
    if (grey) {
      changes.add(ColourOperations::greyscale);
    }
    if (!changes.isEmpty()) {
      piecewise(workspace, changes, (piece, length) -> 0);
    }
  }

  /// Makes some changes.
  ///
  /// @return the sum of the greys of all pixels thereafter
  private static double greys(Workspace workspace, List<Consumer<Planes>> changes) {
    if (changes.isEmpty()) {
      Planes view = workspace.view();
      return ColourOperations.sumOfGreys(view, view.red().length);
    }
    return piecewise(workspace, changes, ColourOperations::sumOfGreys);
  }

  /// Makes some changes.
  ///
  /// @param figure of the first pixels of a piece thereafter
  /// @return the sum of all pieces' figures
  private static double piecewise(
      Workspace workspace,
      List<Consumer<Planes>> changes,
      ToDoubleBiFunction<Planes, Integer> figure) {
    Planes view = workspace.view();
    Planes piece = workspace.piece();
    int pixels = view.red().length;
    int most = piece.red().length;
    double sum = 0;
    for (int from = 0; from < pixels; from += most) {
      int length = Math.min(most, pixels - from);
      copy(view, from, piece, 0, length);
      changes.forEach(change -> change.accept(piece));
      copy(piece, 0, view, from, length);
      sum += figure.applyAsDouble(piece, length);
    }
    return sum;
  }

  private static void copy(Planes source, int from, Planes target, int to, int length) {
    System.arraycopy(source.red(), from, target.red(), to, length);
    System.arraycopy(source.green(), from, target.green(), to, length);
    System.arraycopy(source.blue(), from, target.blue(), to, length);
  }
}
