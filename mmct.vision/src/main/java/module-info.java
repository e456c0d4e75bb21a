@org.jspecify.annotations.NullMarked
module mmct.vision {
  requires transitive mmct.api;
}
