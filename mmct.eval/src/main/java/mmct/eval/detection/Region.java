package mmct.eval.detection;

/// Where an object is: a box or a mask. Two regions that are compared are of one kind and image.
sealed interface Region permits Box, Mask {
  /// The number of pixels, which of a box may have a fraction.
  double area();

  /// The pixels that both have.
  double intersection(Region other);

  /// How well this detection covers a true region: intersection over union; where the truth is a
  /// crowd, of which any part may be found, intersection over this region's own area.
  default double overlap(Region truth, boolean crowd) {
    double common = intersection(truth);
    if (common <= 0) {
      return 0;
    }
    return common / (crowd ? area() : area() + truth.area() - common);
  }
}
