package mmct.api.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Describes one component of an options record: what it means, its default and its range.
///
/// The same annotation binds the configuration, words the errors and writes the reference in
/// `docs/configuration.md`, so that the three cannot differ.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
  /// One sentence for the reference, with the unit where it is not obvious.
  String value();

  /// The default as it would be written in YAML; empty means the key is required, unless the
  /// component is an `Optional`, a `Map` or a `List`, which are empty by default.
  String byDefault() default "";

  /// The smallest value allowed, inclusive.
  double min() default Double.NEGATIVE_INFINITY;

  /// The largest value allowed, inclusive.
  double max() default Double.POSITIVE_INFINITY;

  /// A bound that the value must exceed.
  double above() default Double.NEGATIVE_INFINITY;

  /// A bound that the value must stay below.
  double below() default Double.POSITIVE_INFINITY;

  /// The words allowed, for a component that is a string.
  String[] choices() default {};

  /// Whether a run that goes on must keep the value, because what it has learned so far would mean
  /// something else with another.
  boolean fixed() default false;

  /// The values of the group's first key, its kind, with which the setting is read; empty where it
  /// is with all of them. With another kind a setting without a default is refused, and one that
  /// was written for the kind before is left out; see [Settings#withoutLeftovers].
  String[] appliesTo() default {};
}
