@org.jspecify.annotations.NullMarked
module mmct.eval {
  requires transitive mmct.api;
}
