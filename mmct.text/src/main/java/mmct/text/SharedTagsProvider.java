package mmct.text;

import mmct.api.spi.PositivesProvider;
import mmct.api.spi.PositivesRule;
import mmct.text.tags.SharedTags;

/// Queue rows that share more than a number of tags with the query are positives too (Yuan et al.
/// 2021, Eq. 5).
public final class SharedTagsProvider implements PositivesProvider<SharedTagsOptions> {
  /// Creates the provider.
  public SharedTagsProvider() {}

  @Override
  public String name() {
    return "shared-tags";
  }

  @Override
  public Class<SharedTagsOptions> options() {
    return SharedTagsOptions.class;
  }

  @Override
  public String description() {
    return "Queue rows that share more than a number of tags with the query.";
  }

  @Override
  public PositivesRule create(SharedTagsOptions options) {
    return new SharedTags(options.of(), options.moreThan());
  }
}
