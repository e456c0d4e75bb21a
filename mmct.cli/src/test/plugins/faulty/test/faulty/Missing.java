package test.faulty;

/// Left out of the jar.
final class Missing {
  private Missing() {}

  static void touch() {}
}
