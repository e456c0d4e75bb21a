package mmct.vision.augment;

import mmct.vision.resample.Planes;

/// Memory in which one view is made.
final class Workspace {
  /// A piece of a view has as many pixels as a square of this side.
  private static final int PIECE = 32;

  private final Planes view;
  private final Planes piece = new Planes(PIECE);
  private final Planes beside = new Planes(PIECE);
  private int[] padded = {};
  private float[] sums = {};

  /// Memory for a view.
  ///
  /// @param size the view's side
  Workspace(int size) {
    this(new Planes(size));
  }

  /// Memory beside that of a view.
  Workspace(Planes view) {
    this.view = view;
  }

  /// The view.
  Planes view() {
    return view;
  }

  /// A piece of the view.
  Planes piece() {
    return piece;
  }

  /// Memory as large as a piece.
  Planes beside() {
    return beside;
  }

  /// Whole numbers, at least so many.
  int[] padded(int length) {
    if (padded.length < length) {
      padded = new int[length];
    }
    return padded;
  }

  /// Floats, at least so many.
  float[] sums(int length) {
    if (sums.length < length) {
      sums = new float[length];
    }
    return sums;
  }
}
