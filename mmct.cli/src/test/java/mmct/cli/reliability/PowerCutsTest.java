package mmct.cli.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import mmct.cli.reliability.FaultyFileSystem.Change;
import mmct.cli.reliability.PowerCut.Model;
import mmct.cli.reliability.Tasks.Kind;
import mmct.cli.reliability.Tasks.Reference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The power is cut after any change of the disk, which keeps more or less of what was not forced:
/// the checkpoint that the run counted on is there and whole, and a task that is started again ends
/// as if nothing had happened, to the last line of its metrics.
class PowerCutsTest {
  /// How many of the changes of a task are followed by a power cut; a campaign tries all.
  private static final int TRIED = Integer.getInteger("mmct.reliability.changes", 8);

  @TempDir private static Path temp;
  private static Tasks tasks;

  @BeforeAll
  static void train() {
    tasks = Tasks.in(temp);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aTaskEndsTheSameWhenItIsStartedAgainAfterAPowerCut(Kind kind) throws IOException {
    Reference reference = tasks.reference(kind);
    Set<Integer> cuts = reference.some(kind.share(TRIED));
    List<String> wrong = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    int tried = 0;
    for (Model model : Model.values()) {
      PowerCut disk = new PowerCut(model, reference.folder().getParent(), reference.before());
      for (int change = 1; change <= reference.changes().size(); change++) {
        disk.make(reference.changes().get(change - 1));
        if (cuts.contains(change) && seen.add(state(disk.left()))) {
          tried++;
          wrong.addAll(
              problems(kind, reference, disk.left(), change, "%s after ".formatted(model)));
        }
      }
    }
    Tally.write("power cuts: " + kind, tried, wrong);
    assertThat(wrong).isEmpty();
  }

  private static String state(Map<Path, byte[]> left) {
    return left.entrySet().stream()
        .map(file -> file.getKey() + " " + java.util.Arrays.hashCode(file.getValue()))
        .collect(Collectors.joining("\n"));
  }

  private static List<String> problems(
      Kind kind, Reference reference, Map<Path, byte[]> left, int change, String model)
      throws IOException {
    String where = model + reference.at(change);
    List<String> problems = new ArrayList<>();
    for (Path promised : PowerCut.promised(reference.changes().subList(0, change))) {
      if (!left.containsKey(promised)) {
        problems.add("%s is lost: %s".formatted(promised.getFileName(), where));
      }
    }
    Path folder = tasks.folder(kind, "cut");
    PowerCut.write(left, reference.folder(), folder);
    Contents.damaged(folder, reference.contents())
        .forEach(file -> problems.add("%s is damaged: %s".formatted(file, where)));
    problems.addAll(tasks.goOn(kind, folder, reference, where));
    return problems;
  }

  @Test
  void aDiskLosesWhatWasNotForced() {
    Path root = temp.resolve("disk");
    Path file = root.resolve("a");
    PowerCut names = new PowerCut(Model.NAMES, root, Map.of());
    PowerCut nothing = new PowerCut(Model.NOTHING, root, Map.of());
    for (PowerCut disk : List.of(names, nothing)) {
      disk.make(new Change.Create(file));
      disk.make(new Change.Write(file, 0, new byte[] {1, 2}));
    }
    assertThat(names.left().get(file)).isEmpty();
    assertThat(nothing.left()).isEmpty();
    for (PowerCut disk : List.of(names, nothing)) {
      disk.make(new Change.Force(file));
      disk.make(new Change.Force(root));
    }
    assertThat(names.left().get(file)).containsExactly(1, 2);
    assertThat(nothing.left().get(file)).containsExactly(1, 2);
  }
}
