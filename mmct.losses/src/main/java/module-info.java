@org.jspecify.annotations.NullMarked
module mmct.losses {
  requires transitive mmct.api;
}
