@org.jspecify.annotations.NullMarked
module mmct.text {
  requires transitive mmct.api;
}
