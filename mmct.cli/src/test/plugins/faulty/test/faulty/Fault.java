package test.faulty;

import mmct.api.MmctException;

/// Ways to fail that any method may take.
final class Fault {
  private Fault() {}

  /// Fails where the fault is one of this place, such as `draw-null-pointer`.
  static void at(String place, String fault) {
    if (!fault.startsWith(place + "-")) {
      return;
    }
    switch (fault.substring(place.length() + 1)) {
      case "throw" -> throw new IllegalStateException("the tape\nis torn");
      case "told" -> throw new MmctException("the tape is torn");
      case "error" -> throw new AssertionError("never here");
      case "recursion" -> at(place, recursion(fault));
      case "initialiser" -> Broken.touch();
      case "missing" -> Missing.touch();
      case "changed" -> throw new AbstractMethodError("Receiver class has no such method");
      default -> {}
    }
  }

  private static String recursion(String fault) {
    return recursion(fault) + "";
  }

  /// Its initialiser fails.
  static final class Broken {
    static final Object LICENCE = licence();

    private static Object licence() {
      throw new UnsupportedOperationException("no licence");
    }

    static void touch() {}
  }
}
