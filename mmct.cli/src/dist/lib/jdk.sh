# Finds a Java 25. Read by bin/mmct and, in the sources, by the script ./build.

# Prints the home of a Java 25 that has the tool $1 (java or javac), or fails.
find_java_25() {
  tool=$1
  IFS='
'
  for home in ${JAVA_HOME:-} $(env | sed -n 's/^JAVA_HOME_25[A-Za-z0-9_]*=//p') \
    /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    ${HOME:+"$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.local/share/mise/installs/java/*}; do
    if is_java_25 "$home" "$tool"; then
      printf '%s\n' "$home"
      return 0
    fi
  done
  # The `java` on the path may be a shim that only the program behind it can name.
  home=$(java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
  is_java_25 "$home" "$tool" && printf '%s\n' "$home"
}

is_java_25() {
  [ -x "$1/bin/$2" ] && grep -q '^JAVA_VERSION="25[".]' "$1/release" 2>/dev/null
}
