package mmct.api.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import mmct.api.io.ArtefactStore;

/// Keeps what modalities write while a run is prepared, so that a run that is refused leaves
/// nothing behind.
final class StagedArtefacts {
  private final Map<String, Map<String, byte[]>> files = new LinkedHashMap<>();

  /// The store of a modality.
  ArtefactStore store(String modality) {
    Map<String, byte[]> mine = files.computeIfAbsent(modality, name -> new LinkedHashMap<>());
    return new ArtefactStore() {
      @Override
      public Optional<byte[]> read(String name) {
        return Optional.ofNullable(mine.get(name)).map(byte[]::clone);
      }

      @Override
      public List<String> names() {
        return mine.keySet().stream().sorted().toList();
      }

      @Override
      public void write(String name, byte[] content) {
        mine.put(name, content.clone());
      }
    };
  }

  /// Writes everything to where it belongs.
  void moveTo(Function<String, ArtefactStore> stores) {
    files.forEach((modality, mine) -> mine.forEach(stores.apply(modality)::write));
    files.clear();
  }
}
