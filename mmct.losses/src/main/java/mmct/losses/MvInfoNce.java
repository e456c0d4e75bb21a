package mmct.losses;

import ai.djl.ndarray.NDArray;
import java.util.OptionalDouble;
import mmct.api.config.Settings;
import mmct.api.spi.Constant;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.Needs;

/// InfoNCE over several views or modalities, one term per row.
///
/// Koromilas et al., "A Principled Framework for Multi-View Contrastive Learning", 2025
/// (MV-InfoNCE): `−log( Σ_{l≠l'} exp(u_il·u_il'/τ) / Σ_l Σ_{(m,j)≠(l,i)}
/// exp(u_il·u_jm/τ) )`, with the row's views u_i1, u_i2, … and those of all rows in the
/// denominator.
///
/// A row with fewer than two views takes no part as a query; its view is a negative of the
/// others. Views of other rows of a row's own instance are left out where the run says so.
///
/// @param options temperature and views
public record MvInfoNce(MultiViewOptions options) implements Loss {
  /// Checks the options.
  public MvInfoNce {
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
    NDArray once = views.ownPairs(); // [n]
    // Each pair stands for l, l' and for l', l.
    NDArray pairs = once.add(Constant.of(once, Math.log(2)));
    NDArray all = LogSum.along(1, views.withAllViews()); // [n]
    return LossOutput.of(QueryViews.amongThose(views.havePairs(), all.sub(pairs)));
  }

  @Override
  public OptionalDouble chanceLevel(long candidates, int participants) {
    // Each of a row's l views has l·n − 1 others, of which l − 1 are its own.
    double views = (double) options.views() * participants;
    return views < 2
        ? OptionalDouble.empty()
        : OptionalDouble.of(Math.log((views * (candidates + 1.0) - 1) / (views - 1)));
  }
}
