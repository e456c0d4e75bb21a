# Runs a Java source file on the modules of the packaged program. Read by scripts that have set
# `root`, the folder of the sources.

"$root/mmct" --version >/dev/null # builds on first use
program=$root/mmct.cli/target/mmct
. "$root/mmct.cli/src/dist/lib/jdk.sh"
java_home=$(find_java_25 java)
export OMP_WAIT_POLICY=PASSIVE ORT_DISABLE_TELEMETRY=1 OPT_OUT_TRACKING=true DJL_OFFLINE=true

# java_on_program [OPTION...] FILE.java [ARGUMENT...]
# Providers are found by their modules, so the libraries stay on the module path.
java_on_program() {
  "$java_home/bin/java" --sun-misc-unsafe-memory-access=allow \
    --enable-native-access=ALL-UNNAMED,ai.djl.api,ai.djl.pytorch_engine,com.microsoft.onnxruntime,com.sun.jna,mmct.api,mmct.vision \
    -DPYTORCH_LIBRARY_PATH="$program/lib/native/pytorch" -DPYTORCH_FLAVOR=cpu \
    -Donnxruntime.native.path="$program/lib/native/onnxruntime" -Djna.boot.library.path="$program/lib/native/jna" \
    -p "$program/lib/modules" -cp "$program/lib/native" \
    --add-modules mmct.eval,mmct.vision,mmct.text,mmct.losses,com.fasterxml.jackson.databind "$@"
}
