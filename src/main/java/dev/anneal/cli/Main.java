package dev.anneal.cli;

import dev.anneal.bench.TrainingWay;
import dev.anneal.data.TextCleaner;
import dev.anneal.evaluate.LikelihoodProtocol.Way;
import dev.anneal.evaluate.Passages.Cut;
import dev.anneal.evaluate.Protocol;
import dev.anneal.evaluate.SampleProtocol.Definition;
import dev.anneal.model.Precision;
import dev.anneal.recipe.Split;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/**
 * The program: finds the command, runs it, and turns what it throws into an exit code.
 *
 * <p>Exit codes: 0 done, 1 the job failed, 2 wrong usage or bad input. A failure is one line on
 * standard error; {@code --verbose} adds the stack trace.
 */
@Command(
    name = "anneal",
    description = "Sequence models anywhere between autoregressive and diffusion.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    subcommands = {
      Generate.class,
      Prepare.class,
      Train.class,
      Inspect.class,
      Evaluate.class,
      Study.class,
      Compare.class,
      SolveSudoku.class,
      Import.class,
      Export.class,
      Check.class,
      Serve.class,
      Bench.class,
      Rehearse.class,
      HelpCommand.class
    })
public final class Main {

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of a failure.")
  private boolean verbose;

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    var output = StandardOutput.ofProcess();
    PrintWriter out = output.writer(System.out.charset());
    CommandLine commandLine = commandLine().setOut(out);
    int exitCode = run(commandLine, arguments);
    out.flush();
    StopSignal.exit(output.exitCode(exitCode, commandLine.getErr()));
  }

  /**
   * Runs one command.
   *
   * @return the exit code; also of what no command foresees, such as too little memory
   */
  static int run(CommandLine commandLine, String... arguments) {
    try {
      return commandLine.execute(arguments);
    } catch (Error thrown) {
      PrintWriter err = commandLine.getErr();
      err.println(Failure.of(thrown).line());
      thrown.printStackTrace(err);
      err.flush();
      return Failure.JOB_FAILED;
    }
  }

  /** The command line with all its commands. */
  static CommandLine commandLine() {
    return commandLine(System.getenv());
  }

  /** The command line in another environment. */
  static CommandLine commandLine(Map<String, String> environment) {
    var main = new Main();
    return new CommandLine(main, new Commands(environment))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .registerConverter(Split.class, Words.converter(Split.class))
        .registerConverter(Precision.class, Words.converter(Precision.class))
        .registerConverter(TextCleaner.class, Words.converter(TextCleaner.class))
        .registerConverter(Way.class, Words.converter(Way.class))
        .registerConverter(Cut.class, Words.converter(Cut.class))
        .registerConverter(Definition.class, Words.converter(Definition.class))
        .registerConverter(Protocol.class, Words.converter(Protocol.class))
        .registerConverter(TrainingWay.Name.class, Words.converter(TrainingWay.Name.class))
        .setParameterExceptionHandler(Main::refuse)
        .setExecutionExceptionHandler(main::fail);
  }

  private static int refuse(ParameterException thrown, String[] arguments) {
    CommandLine command = thrown.getCommandLine();
    PrintWriter err = command.getErr();
    if (arguments.length == 0) {
      command.usage(err);
    } else {
      err.println(Failure.of(thrown, command.getCommandSpec().qualifiedName()).line());
    }
    err.flush();
    return Failure.BAD_INPUT;
  }

  private int fail(Exception thrown, CommandLine commandLine, ParseResult parsed) {
    Failure failure = Failure.of(thrown);
    PrintWriter err = commandLine.getErr();
    err.println(failure.line());
    if (verbose) {
      thrown.printStackTrace(err);
    }
    err.flush();
    return failure.exitCode();
  }

  /** Makes the commands, of which some look at the environment. */
  private record Commands(Map<String, String> environment) implements IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      if (type == Import.class) {
        return type.cast(new Import(environment));
      }
      if (type == Train.class) {
        return type.cast(new Train(environment));
      }
      if (type == Serve.class) {
        return type.cast(new Serve(environment));
      }
      return CommandLine.defaultFactory().create(type);
    }
  }
}
