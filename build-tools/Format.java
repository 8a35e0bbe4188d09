import com.google.googlejavaformat.java.Main;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks or mends the format of every Java source of the repository.
 *
 * <p>It runs on the JDK that the project targets, because the formatter parses with the compiler of
 * the JVM it runs in, and Maven itself may run on an older one.
 */
public final class Format {

  public static void main(String[] arguments) throws Exception {
    boolean write = arguments[0].equals("write");
    List<String> call =
        new ArrayList<>(
            write ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
    try (var files = Files.walk(Path.of(arguments[1]))) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.toString().contains("/target/"))
          .map(Path::toString)
          .sorted()
          .forEach(call::add);
    }
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    int status = new Main(out, err, System.in).format(call.toArray(String[]::new));
    if (status != 0 && !write) {
      err.println("Format: the files above differ; run: mvn -N validate -Dformat.mode=write");
    }
    System.exit(status);
  }

  private Format() {}
}
