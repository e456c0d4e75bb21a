package mmct.losses;

import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;

/// Provides `margin-ranking`.
public final class MarginRankingProvider implements LossProvider<MarginRankingOptions> {
  /// Creates the provider; called by the service loader.
  public MarginRankingProvider() {}

  @Override
  public String name() {
    return "margin-ranking";
  }

  @Override
  public Class<MarginRankingOptions> options() {
    return MarginRankingOptions.class;
  }

  @Override
  public String description() {
    return "hinge between the own key and every queue row, or among the rows of a batch: sum, mean or maximum";
  }

  @Override
  public Loss create(MarginRankingOptions options) {
    return options.twoWay()
        ? new TwoWayRanking(options.margin(), options.reduction())
        : new MarginRanking(options.margin(), options.reduction());
  }
}
