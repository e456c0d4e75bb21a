package mmct.cli.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mmct.api.MmctException;
import mmct.cli.reliability.FaultyFileSystem.Change;
import mmct.cli.reliability.FaultyFileSystem.Disk;
import mmct.cli.reliability.Tasks.Kind;
import mmct.cli.reliability.Tasks.Reference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever happens at whichever change of the disk, no file that has its name is half written, and
/// a task that is started again ends as if nothing had happened.
class FaultsTest {
  /// How many of the changes of a task are tried; a campaign tries all.
  private static final int TRIED = Integer.getInteger("mmct.reliability.changes", 8);

  private static final List<String> REASONS =
      List.of("No space left on device", "Input/output error", "Disk quota exceeded");

  @TempDir private static Path temp;
  private static Tasks tasks;

  @BeforeAll
  static void train() {
    tasks = Tasks.in(temp);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aTaskThatIsKilledAtAnyChangeEndsTheSameWhenItIsStartedAgain(Kind kind) {
    Reference reference = tasks.reference(kind);
    List<String> wrong = new ArrayList<>();
    Set<Integer> tried = reference.some(kind.share(TRIED));
    for (int change : tried) {
      Path folder = tasks.folder(kind, "killed");
      if (!isKilled(kind, folder, change)) {
        wrong.add("not killed at " + reference.at(change));
      }
      wrong.addAll(damaged(folder, reference, reference.at(change)));
      // And again, soon after it has gone on; it may also have had less to do.
      isKilled(kind, folder, 1 + change % 7);
      wrong.addAll(problems(kind, folder, reference, reference.at(change)));
    }
    Tally.write("kills at a change of the disk: " + kind, tried.size(), wrong);
    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aTaskThatTheDiskRefusesAChangeSaysSoAndEndsTheSameWhenItIsStartedAgain(Kind kind) {
    Reference reference = tasks.reference(kind);
    List<String> wrong = new ArrayList<>();
    Set<Integer> tried = reference.some(kind.share(TRIED));
    for (int change : tried) {
      // Every reason at every change would try the same three times.
      String reason = REASONS.get(change % REASONS.size());
      Path folder = tasks.folder(kind, "refused");
      Disk disk = Disks.refusing(change, reason, !reason.startsWith("Input"));
      String where = "'%s' at %s".formatted(reason, reference.at(change));
      try {
        tasks.task(kind).run(FaultyFileSystem.path(folder, disk));
      } catch (MmctException told) {
        if (!String.valueOf(told.getMessage()).contains(reason)) {
          wrong.add("%s is told as: %s".formatted(where, told.getMessage()));
        }
      } catch (RuntimeException | Error e) {
        wrong.add("%s is not told: %s".formatted(where, e));
      }
      wrong.addAll(problems(kind, folder, reference, where));
    }
    Tally.write("refused changes of the disk: " + kind, tried.size(), wrong);
    assertThat(wrong).isEmpty();
  }

  private static boolean isKilled(Kind kind, Path folder, int change) {
    Disks.Killing disk = new Disks.Killing(change);
    return disk.kills(() -> tasks.task(kind).run(FaultyFileSystem.path(folder, disk)));
  }

  private static List<String> damaged(Path folder, Reference reference, String where) {
    return Contents.damaged(folder, reference.contents()).stream()
        .map(file -> "%s is damaged after %s".formatted(file, where))
        .toList();
  }

  private static List<String> problems(Kind kind, Path folder, Reference reference, String where) {
    List<String> problems = new ArrayList<>(damaged(folder, reference, where));
    problems.addAll(tasks.goOn(kind, folder, reference, where));
    return problems;
  }

  @Test
  void theDiskOfARunSeesEveryKindOfChange() {
    Set<Class<?>> kinds = new HashSet<>();
    tasks.reference(Kind.TRAIN).changes().forEach(change -> kinds.add(change.getClass()));
    assertThat(kinds)
        .contains(
            Change.Create.class,
            Change.Write.class,
            Change.Force.class,
            Change.Move.class,
            Change.Link.class,
            Change.Folder.class,
            Change.Delete.class);
  }
}
