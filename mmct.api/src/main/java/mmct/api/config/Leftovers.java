package mmct.api.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Takes settings out of a tree that were written for another kind of their group, such as the
/// depth of a transformer where a later layer says `type: gru`.
///
/// A setting that the new kind reads too stays. One that was written in the same layer as the kind,
/// or over it, is the writer's mistake, which binding refuses.
///
/// @param notes takes one sentence for each group from which something is taken
record Leftovers(Consumer<String> notes) {
  /// What decides on the settings of a group.
  ///
  /// @param parent the group that has the kind, often the group itself
  /// @param key of the kind
  /// @param shared the records whose settings are the same ones whatever the kind
  /// @param own the records whose settings are those of the new kind alone
  /// @param since the layer in which the kind of the group, or of one around it, was written
  record Kind(
      Settings parent,
      String key,
      List<Class<? extends Record>> shared,
      List<Class<? extends Record>> own,
      int since) {
    String said(List<String> taken) {
      return "%s is %s now%s, which does not read what was set for another one, so this is left out: %s"
          .formatted(
              parent.pathOf(key),
              parent.text(key).orElse("another"),
              parent.where(key),
              String.join(", ", taken));
    }
  }

  /// A group without its leftovers.
  Settings without(Settings group, Kind kind) {
    List<String> taken = new ArrayList<>();
    Settings rest = group;
    for (String key : group.keys()) {
      Optional<RecordComponent> shared = component(kind.shared(), key);
      Optional<RecordComponent> component = shared.or(() -> component(kind.own(), key));
      boolean stays =
          shared.map(it -> isRead(it, group)).orElse(key.equals(Settings.WORD))
              || (key.equals(kind.key()) && group == kind.parent());
      if (!stays && group.lastLayer(key) < kind.since()) {
        taken.add("%s %s%s".formatted(key, shown(group, key), group.where(key)));
        rest = rest.without(Set.of(key));
      } else if (component.isPresent()) {
        rest = inside(rest, key, component.get().getGenericType(), kind.since());
      }
    }
    if (!taken.isEmpty()) {
      notes.accept(kind.said(taken));
    }
    return rest;
  }

  private Settings inside(Settings group, String key, Type type, int since) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      Type last = arguments[arguments.length - 1];
      if (generic.getRawType() == Map.class && last instanceof Class<?> raw && raw.isRecord()) {
        return group.changed(
            key,
            entries -> {
              Settings rest = entries;
              for (String name : entries.keys()) {
                rest = inside(rest, name, last, since);
              }
              return rest;
            });
      }
      return generic.getRawType() == Optional.class ? inside(group, key, last, since) : group;
    }
    Class<?> raw = (Class<?>) type;
    return raw.isRecord()
        ? group.changed(key, child -> ofRecord(child, raw.asSubclass(Record.class), since))
        : group;
  }

  private Settings ofRecord(Settings group, Class<? extends Record> type, int since) {
    RecordComponent first = type.getRecordComponents()[0];
    int here = first.getType().isEnum() ? group.layer(first.getName()) : -1;
    return without(
        group, new Kind(group, first.getName(), List.of(type), List.of(), Math.max(since, here)));
  }

  private static Optional<RecordComponent> component(
      List<Class<? extends Record>> known, String key) {
    return known.stream()
        .flatMap(type -> Arrays.stream(type.getRecordComponents()))
        .filter(component -> component.getName().equals(key))
        .findFirst();
  }

  private static boolean isRead(RecordComponent component, Settings group) {
    RecordComponent first = component.getDeclaringRecord().getRecordComponents()[0];
    Setting setting = first.getAnnotation(Setting.class);
    String byDefault = setting == null ? "" : setting.byDefault();
    String kind = group.text(first.getName()).or(() -> group.text(Settings.WORD)).orElse(byDefault);
    return Binder.isReadBy(component, kind);
  }

  private static String shown(Settings group, String key) {
    Object value = group.get(key).orElse("null");
    return value instanceof Map<?, ?> map ? "{" + String.join(", ", keys(map)) + "}" : "" + value;
  }

  private static List<String> keys(Map<?, ?> map) {
    return map.keySet().stream().map(String::valueOf).toList();
  }
}
