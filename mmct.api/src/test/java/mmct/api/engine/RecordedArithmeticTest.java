package mmct.api.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// No array is multiplied by a Java number where a gradient may flow; see
/// [mmct.api.spi.Constant] for what happens otherwise, now and then.
///
/// The sources are searched for calls such as `x.mul(0.5f)`. What a search cannot know, whether a
/// gradient flows there, somebody has looked at: those places are listed here.
///
/// A loss is computed in every step, and each Java number in its arithmetic would be made an array
/// each time. So there all arithmetic and comparison with numbers is searched for.
class RecordedArithmeticTest {
  private static final List<String> MODULES =
      List.of("mmct.api", "mmct.losses", "mmct.text", "mmct.vision", "mmct.eval");

  /// Places that have been reviewed.
  private static final Set<String> REVIEWED =
      Set.of(
          // The probe's gradient is in closed form: nothing is recorded.
          "LinearLayer.java: .mul((float) rate)",
          "LinearLayer.java: .muli((float) Recipe.MOMENTUM)",
          // Arrays that are called as some number is elsewhere.
          "AlignmentUniformity.java: .sub(views.second())",
          "ISogClr.java: .add(back.value())",
          "InfoNce.java: .sub(positives.sum())",
          "MixedNegatives.java: .add(rest.square())",
          // Examples for an exported file are made where no gradient flows.
          "PlainPass.java: .mul(12.9898f)",
          "PlainPass.java: .mul(2 * share)",
          "PlainPass.java: .mul(43758.5f)",
          // A list of Java's, no array.
          "SwAv.java: .add(modality * options.views() + view)");

  private static final Pattern COMMENT = Pattern.compile("//.*|/\\*[\\s\\S]*?\\*/");
  private static final Pattern RECORDED =
      Pattern.compile("\\.\\s*(mul|muli|div|divi|pow|powi|maximum|minimum|mod|modi)\\(");
  private static final Pattern ANY =
      Pattern.compile(
          "\\.\\s*(mul|muli|div|divi|pow|powi|maximum|minimum|mod|modi"
              + "|add|addi|sub|subi|gt|gte|lt|lte|eq|neq|clip)\\(");
  private static final Pattern WHOLE_OR_FRACTION =
      Pattern.compile("\\b(?:double|float|int|long)\\s+(\\w+)\\b");
  private static final Pattern FRACTION =
      Pattern.compile("\\b(?:double|float|Optional<Double>)\\s+(\\w+)\\b");
  private static final Pattern NUMBER = Pattern.compile("[-+(]*\\d[\\d_.]*(e-?\\d+)?[fFdDlL]?\\)*");
  private static final Pattern OF_A_CLASS = Pattern.compile("-?(?:Double|Float)\\.[A-Z_]+");
  private static final Pattern CONTENT = Pattern.compile("\\.(?:get|orElseThrow)\\(\\)$");
  private static final Pattern CAST = Pattern.compile("^\\((?:double|float|int|long)\\)");
  private static final Pattern LAST_NAME = Pattern.compile("(\\w+)(?:\\(\\))?$");

  @Test
  void noArrayMeetsANumberWhereAGradientMayFlowNorInALoss() throws IOException {
    Set<String> found = new TreeSet<>();
    Set<String> elsewhere = new HashSet<>();
    List<Path> sources = sources();
    for (Path file : sources) {
      elsewhere.addAll(declaredIn(Files.readString(file), FRACTION));
    }
    for (Path file : sources) {
      String source = Files.readString(file);
      if (source.contains("NDArray")) {
        Pattern calls = file.startsWith(root("mmct.losses")) ? ANY : RECORDED;
        numbersIn(source, calls, elsewhere)
            .forEach(call -> found.add(file.getFileName() + ": " + call));
      }
    }
    assertThat(found)
        .as("use Constant.of, or review and list here")
        .isEqualTo(new TreeSet<>(REVIEWED));
  }

  @Test
  void theSearchFindsWhatItIsMeantToFind() {
    String source =
        """
        record Sample(double temperature) {
          static final float PENALTY = -1e4f;
          NDArray all(NDArray x, NDArray y, double share, Options options) {
            a = x.mul(0.5f);
            b = x.div(temperature);
            c = x
                .mul(PENALTY);
            d = x.pow(2);
            e = x.mul((float) share);
            f = x.muli(1 - share * Math.sqrt(2));
            g = x.div(options.temperature());
            h = NDArrays.maximum(x, 1e-6);
            i = x.mul(options.epsilon());
            k = x.div(options.sharpness().get());
            l = x.maximum(Float.NEGATIVE_INFINITY);
            // j = x.mul(3)
            fine = x.mul(y).div(Constant.of(x, temperature)).mul(y.sum(new int[] {1}));
            too = Math.pow(share, 2) * Math.min(share, 1);
          }
        }
        """;
    assertThat(numbersIn(source, RECORDED, Set.of("epsilon", "sharpness")))
        .containsExactly(
            ".mul(0.5f)",
            ".div(temperature)",
            ".mul(PENALTY)",
            ".pow(2)",
            ".mul((float) share)",
            ".muli(1 - share * Math.sqrt(2))",
            ".div(options.temperature())",
            ".maximum(x, 1e-6)",
            ".mul(options.epsilon())",
            ".div(options.sharpness().get())",
            ".maximum(Float.NEGATIVE_INFINITY)");
  }

  @Test
  void inALossItFindsSumsAndComparisonsToo() {
    String source =
        """
        record Sample(double margin) {
          NDArray all(NDArray x, NDArray y, int rows) {
            a = x.neg().add(1);
            b = x.addi(1e-12).sub(margin).subi(Math.log(rows - 1.0));
            c = x.gt(0).logicalAnd(x.gte(margin)).logicalAnd(x.lt(0.5f)).logicalAnd(x.lte(-1));
            d = x.eq(rows).logicalOr(x.neq(Float.NEGATIVE_INFINITY));
            e = x.clip(-margin, margin).mul(2);
            fine = x.add(y).sub(Constant.of(x, margin)).gt(y.sum(new int[] {1}));
            too = names.add("one");
          }
        }
        """;
    assertThat(numbersIn(source, ANY, Set.of()))
        .containsExactly(
            ".add(1)",
            ".addi(1e-12)",
            ".sub(margin)",
            ".subi(Math.log(rows - 1.0))",
            ".gt(0)",
            ".gte(margin)",
            ".lt(0.5f)",
            ".lte(-1)",
            ".eq(rows)",
            ".neq(Float.NEGATIVE_INFINITY)",
            ".clip(-margin, margin)",
            ".mul(2)");
    assertThat(numbersIn(source, RECORDED, Set.of())).containsExactly(".mul(2)");
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String module : MODULES) {
      Path root = root(module);
      assertThat(root).isDirectory();
      try (Stream<Path> files = Files.walk(root)) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
      }
    }
    return sources;
  }

  private static Path root(String module) {
    return Path.of("..", module, "src", "main", "java");
  }

  private static Set<String> declaredIn(String source, Pattern declaration) {
    Set<String> names = new HashSet<>();
    Matcher declared = declaration.matcher(COMMENT.matcher(source).replaceAll(""));
    while (declared.find()) {
      names.add(declared.group(1));
    }
    return names;
  }

  /// The calls whose last argument is a number.
  ///
  /// @param looked the calls that are looked at
  /// @param elsewhere names of numbers that are declared in other files, to be called there
  private static List<String> numbersIn(String source, Pattern looked, Set<String> elsewhere) {
    String code = COMMENT.matcher(source).replaceAll("");
    Set<String> here = declaredIn(source, WHOLE_OR_FRACTION);
    List<String> calls = new ArrayList<>();
    Matcher call = looked.matcher(code);
    while (call.find()) {
      String arguments = untilClosed(code, call.end());
      boolean ofJava = code.substring(0, call.start()).endsWith("Math");
      if (!ofJava && isNumber(lastOf(arguments), here, elsewhere)) {
        calls.add("." + call.group(1) + "(" + arguments.replaceAll("\\s+", " ") + ")");
      }
    }
    return calls;
  }

  private static String untilClosed(String code, int from) {
    int depth = 1;
    int at = from;
    while (depth > 0) {
      char c = code.charAt(at++);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
    return code.substring(from, at - 1);
  }

  private static String lastOf(String arguments) {
    return split(arguments, ",").getLast();
  }

  private static boolean isNumber(String expression, Set<String> here, Set<String> elsewhere) {
    return split(expression, "+-*/").stream()
        .allMatch(operand -> isNumericOperand(operand.strip(), here, elsewhere));
  }

  private static boolean isNumericOperand(String operand, Set<String> here, Set<String> elsewhere) {
    if (NUMBER.matcher(operand).matches()
        || CAST.matcher(operand).find()
        || OF_A_CLASS.matcher(operand).matches()
        || operand.startsWith("Math.")) {
      return true;
    }
    Matcher name = LAST_NAME.matcher(CONTENT.matcher(operand).replaceFirst(""));
    return name.find()
        && (here.contains(name.group(1))
            || operand.contains(".") && elsewhere.contains(name.group(1)));
  }

  /// Splits at characters that stand in no parentheses and are not a sign.
  private static List<String> split(String text, String separators) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
      boolean between = i > 0 && text.charAt(i - 1) == ' ' || c == ',';
      if (depth == 0 && between && separators.indexOf(c) >= 0) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }
}
