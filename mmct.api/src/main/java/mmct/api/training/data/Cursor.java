package mmct.api.training.data;

import mmct.api.training.data.BatchSource.Reading;

/// Where a run stands in its data. The place counts samples, not batches, so that a run may go on
/// with batches of another size: the rest of the epoch that was begun is read, in that epoch's
/// order, in batches of the new size.
///
/// @param steps batches of the whole run that have been taken
/// @param epoch the epoch of the next batch, from 0
/// @param samples samples of that epoch, in its order, that lie before the next batch
public record Cursor(long steps, long epoch, int samples) {
  /// The beginning of a run.
  public static final Cursor START = new Cursor(0, 0, 0);

  /// Where a run stands that has always read in the same way.
  ///
  /// @param steps batches that have been taken
  /// @param size samples of the split
  public static Cursor after(long steps, Reading reading, int size) {
    long perEpoch = reading.stepsPerEpoch(size);
    long within = steps % perEpoch;
    return new Cursor(
        steps, steps / perEpoch, Math.toIntExact(Math.multiplyExact(within, reading.batch())));
  }

  /// The same place, or the beginning of the next epoch where the rest of this one gives no batch.
  public Cursor settled(Reading reading, int size) {
    return reading.stepsOf(size - samples) > 0 ? this : new Cursor(steps, epoch + 1, 0);
  }

  /// Where the run stands after the next batch.
  public Cursor next(Reading reading, int size) {
    int to = Math.toIntExact(Math.min((long) samples + reading.batch(), size));
    return new Cursor(steps + 1, epoch, to).settled(reading, size);
  }

  /// Batches that are still to be taken.
  public long left(Reading reading, int size) {
    if (epoch >= reading.epochs()) {
      return 0;
    }
    return reading.stepsOf(size - samples)
        + (reading.epochs() - epoch - 1) * reading.stepsPerEpoch(size);
  }

  /// How far the run is, in batches as they are read now; a whole number unless batches were of
  /// another size in the epoch that was begun.
  public double place(Reading reading, int size) {
    return (double) (epoch * reading.stepsPerEpoch(size))
        + (double) samples / (double) reading.batch();
  }

  /// Epochs done, with fraction.
  public double epochs(Reading reading, int size) {
    return place(reading, size) / (double) reading.stepsPerEpoch(size);
  }
}
