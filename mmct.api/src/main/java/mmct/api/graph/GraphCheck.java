package mmct.api.graph;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import mmct.api.config.ConfigurationException;
import mmct.api.graph.GraphSpec.ObjectiveSpec;
import mmct.api.spi.Needs;

/// Refuses, before anything is built, a graph that cannot be trained.
final class GraphCheck {
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_-]+");

  private final GraphSpec spec;

  private GraphCheck(GraphSpec spec) {
    this.spec = spec;
  }

  /// Checks a specification.
  ///
  /// @throws ConfigurationException naming the key, the value and the choices
  static void check(GraphSpec spec) {
    GraphCheck check = new GraphCheck(spec);
    check.names("modalities", spec.modalities());
    check.names("spaces", spec.spaces());
    check.names("objectives", spec.objectives());
    if (spec.active().isEmpty()) {
      throw new ConfigurationException(
          "objectives must name at least one objective of a weight above 0 but names %s"
              .formatted(spec.objectives().isEmpty() ? "none" : spec.objectives().keySet()));
    }
    spec.objectives().forEach(check::objective);
  }

  /// Names become parts of dotted keys, of files' names and of the names in a checkpoint.
  private void names(String group, Map<String, ?> named) {
    for (String name : named.keySet()) {
      if (!NAME.matcher(name).matches()) {
        throw new ConfigurationException(
            "names in %s must be letters, digits, '_' and '-' but one is '%s'"
                .formatted(group, name));
      }
    }
  }

  private void objective(String name, ObjectiveSpec objective) {
    String path = "objectives." + name;
    for (String modality : objective.modalities()) {
      known(path, "modality", modality, spec.modalities());
    }
    known(path, "space", objective.space(), spec.spaces());
    switch (objective.loss().needs().form()) {
      case Needs.Pair pair -> pair(path, objective, pair);
      case Needs.Joint joint -> joint(path, objective, joint);
    }
  }

  private void pair(String path, ObjectiveSpec objective, Needs.Pair pair) {
    if (objective.modalities().size() != 2) {
      throw new ConfigurationException(
          "%s compares one query with one key but names %d modalities %s"
              .formatted(path, objective.modalities().size(), objective.modalities()));
    }
    // Two sides that are encoded by the query encoder would be one view of one modality twice.
    if (pair.query().queries() > 0
        && pair.key().queries() > 0
        && objective.modalities().getFirst().equals(objective.modalities().getLast())) {
      throw new ConfigurationException(
          "%s compares two modalities but its query and its key are both '%s'"
              .formatted(path, objective.modalities().getFirst()));
    }
    candidates(path, objective, pair.key().queue());
    if (objective.positives().isPresent()) {
      if (!pair.positives()) {
        throw new ConfigurationException(path + ".positives is set but its loss has no use for it");
      }
      known(path + ".positives", "modality", objective.positives().get().of(), spec.modalities());
    }
  }

  private void joint(String path, ObjectiveSpec objective, Needs.Joint joint) {
    int count = objective.modalities().size();
    if (count < joint.atLeast() || count > joint.atMost()) {
      throw new ConfigurationException(
          "%s.modalities must be %s but are %d: %s"
              .formatted(path, howMany(joint), count, objective.modalities()));
    }
    if (Set.copyOf(objective.modalities()).size() < count) {
      throw new ConfigurationException(
          path + ".modalities must differ but are " + objective.modalities());
    }
    if (objective.positives().isPresent()) {
      throw new ConfigurationException(path + ".positives is set but its loss has no use for it");
    }
    if (objective.inBatchNegatives()) {
      throw choosesItself(path);
    }
    candidates(path, objective, joint.each().queue());
  }

  private static String howMany(Needs.Joint joint) {
    if (joint.atLeast() == joint.atMost()) {
      return joint.atLeast() == 1 ? "1 name" : joint.atLeast() + " names";
    }
    return joint.atMost() == Integer.MAX_VALUE
        ? "at least %d names".formatted(joint.atLeast())
        : "%d to %d names".formatted(joint.atLeast(), joint.atMost());
  }

  private static ConfigurationException choosesItself(String path) {
    return new ConfigurationException(
        path + ".inBatchNegatives is set but its loss chooses its negatives itself");
  }

  private void candidates(String path, ObjectiveSpec objective, Needs.Queue need) {
    boolean queued = objective.queued() && rows(objective.space()) > 0;
    switch (need) {
      case NONE -> {
        if (objective.inBatchNegatives()) {
          throw choosesItself(path);
        }
      }
      case OPTIONAL -> {}
      case REQUIRED -> {
        if (!queued && !objective.inBatchNegatives()) {
          throw new ConfigurationException(
              "%s has no keys to compare its queries with: give it a queue (queue was %d) or set"
                      .formatted(path, rows(objective.space()))
                  + " inBatchNegatives");
        }
      }
    }
  }

  private int rows(String space) {
    SpaceConfig config = spec.spaces().get(space);
    return config == null ? spec.queue() : config.queue().orElse(spec.queue());
  }

  private static void known(String path, String kind, String name, Map<String, ?> there) {
    if (!there.containsKey(name)) {
      throw ConfigurationException.notConfigured(path, kind, name, "", there.keySet());
    }
  }
}
