package mmct.losses;

import ai.djl.ndarray.NDArray;
import mmct.api.config.Settings;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.Needs;

/// The decoupled loss over several views or modalities: rows repel each other within each
/// view, and a row's views attract each other.
///
/// Koromilas et al., "A Principled Framework for Multi-View Contrastive Learning", 2025
/// (MV-DHEL): `−log Σ_{l<l'} exp(u_il·u_il'/τ) + Σ_l log Σ_{j≠i}
/// exp(u_il·u_jl/τ)`. Its cost grows linearly with the number of views.
///
/// Deviation: the logarithms are added up, where the authors' code takes the logarithm of a
/// product of sums, which overflows.
///
/// A row with fewer than two views takes no part as a query; where a view has no other row,
/// its repulsion is absent. Other rows of a row's own instance are left out where the run says so.
///
/// @param options temperature and views
public record MvDhel(MultiViewOptions options) implements Loss {
  /// Checks the options.
  public MvDhel {
    options = Settings.of(options).bind(MultiViewOptions.class);
  }

  @Override
  public Needs needs() {
    return QueryViews.needs(options.views(), Integer.MAX_VALUE);
  }

  @Override
  public LossOutput evaluate(LossInput input) {
    ViewSimilarities views =
        new ViewSimilarities(QueryViews.of(input), input.sameInstance(), options.temperature());
    NDArray value = views.ownPairs().neg(); // [n]
    for (int view = 0; view < views.count(); view++) {
      NDArray others = LogSum.along(1, views.within(view)); // [n]
      value = value.add(others.mul(views.haveOthers(view)));
    }
    return LossOutput.of(QueryViews.amongThose(views.havePairs(), value));
  }
}
