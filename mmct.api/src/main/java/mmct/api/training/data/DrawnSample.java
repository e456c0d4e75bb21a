package mmct.api.training.data;

import java.util.List;
import java.util.Map;
import mmct.api.spi.Modality;

/// What one sample contributes to a batch.
///
/// @param id the sample's id
/// @param instance the index of the first sample of that id
/// @param views by modality name; a modality that is absent or broken is an absent key
/// @param marks by objective name; absent where the sample lacks what the rule looks at
/// @param broken the cells that could not be read
record DrawnSample(
    String id,
    long instance,
    Map<String, Modality.Views> views,
    Map<String, int[]> marks,
    List<BrokenCell> broken) {}
