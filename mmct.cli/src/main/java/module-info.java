@org.jspecify.annotations.NullMarked
module mmct.cli {
  requires transitive mmct.api;
}
