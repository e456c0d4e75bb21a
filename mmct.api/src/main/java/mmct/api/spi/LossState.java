package mmct.api.spi;

import ai.djl.ndarray.types.Shape;

/// What a loss remembers between steps. The graph keeps it, hands it in, takes the new content from
/// [LossOutput#state], and writes it into checkpoints.
///
/// @param name its name within the loss
/// @param shape the shape of the whole, or of one row where `perSample`
/// @param initial the value of every element at the start
/// @param perSample one row per training sample: the loss is handed, and returns, the rows of
///     the current batch, `[n, shape...]`
public record LossState(String name, Shape shape, double initial, boolean perSample) {}
