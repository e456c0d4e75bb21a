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
  /// A group without its leftovers.
  ///
  /// @param parent the group that has the kind, often the group itself
  /// @param kind the key of the kind
  /// @param since the layer in which the kind of the group, or of one around it, was written
  Settings without(
      Settings group,
      Settings parent,
      String kind,
      List<Class<? extends Record>> known,
      int since) {
    List<String> taken = new ArrayList<>();
    Settings rest = group;
    for (String key : group.keys()) {
      Optional<RecordComponent> component = component(known, key);
      boolean read = component.map(it -> isRead(it, group)).orElse(key.equals(Settings.WORD));
      boolean isKind = key.equals(kind) && group == parent;
      if (!isKind && !read && group.lastLayer(key) < since) {
        taken.add("%s %s%s".formatted(key, shown(group, key), group.where(key)));
        rest = rest.without(Set.of(key));
      } else if (component.isPresent()) {
        rest = inside(rest, key, component.get().getGenericType(), since);
      }
    }
    if (!taken.isEmpty()) {
      notes.accept(sentence(parent, kind, taken));
    }
    return rest;
  }

  private static String sentence(Settings parent, String kind, List<String> taken) {
    return "%s is %s now%s, which does not read what was set for another one, so this is left out: %s"
        .formatted(
            parent.pathOf(kind),
            parent.text(kind).orElse("another"),
            parent.where(kind),
            String.join(", ", taken));
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
    return without(group, group, first.getName(), List.of(type), Math.max(since, here));
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
