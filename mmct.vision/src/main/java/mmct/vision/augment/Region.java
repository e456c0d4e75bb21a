package mmct.vision.augment;

/// A rectangle of whole pixels.
///
/// @param x the leftmost column
/// @param y the topmost row
/// @param width columns, at least 1
/// @param height rows, at least 1
record Region(int x, int y, int width, int height) {}
