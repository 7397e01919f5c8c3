package dev.anneal.cli;

import dev.anneal.evaluate.Protocol;
import dev.anneal.evaluate.ReportFile;
import dev.anneal.study.Evidence;
import dev.anneal.study.ReportPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code anneal evaluate}: how well a model knows a text, or how good its own texts are. */
@Command(
    name = "evaluate",
    description = {
      "Measure a bound on a text's negative log-likelihood, in nats per token: the exact one under a"
          + " hyperschedule (for quenched it is the likelihood itself), or that of masked"
          + " diffusion.",
      "With --samples or --generate: measure generated texts instead."
    })
final class Evaluate implements Callable<Integer>, DividedCommand {

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final TextOptions texts = new TextOptions();

  @Mixin private final LikelihoodOptions likelihood = new LikelihoodOptions();

  @Mixin private final SampleOptions samples = new SampleOptions();

  @Mixin private final ModelOptions model = new ModelOptions();

  @Mixin private final GenerationOptions generation = new GenerationOptions();

  @Mixin private final EngineOptions engine = new EngineOptions();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of whatever is drawn (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--protocol",
      paramLabel = "NAME",
      description =
          "Choose all as published numbers were measured: hdlm, mdlm or gidd. Options that choose"
              + " otherwise are refused.")
  private @Nullable Protocol protocol;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description =
          "Write report.json there: also the loss at each position and of each document or text, and"
              + " how sure the model was and how often right; the same as a page with pictures,"
              + " report.html; and generated texts as samples.json.")
  private @Nullable Path folder;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (texts.given() == samples.given()) {
      throw new IllegalArgumentException(
          "nothing, or two things to measure: expected TEXT files, --samples or --generate");
    }
    Evaluation evaluation = evaluation();
    if (folder != null) {
      Files.createDirectories(folder); // before hours of work, not after
    }
    Report report = measured(evaluation);
    if (folder != null) {
      ReportFile.write(folder, report.details());
      Files.writeString(
          folder.resolve("report.html"),
          ReportPage.html("Evaluation", new Evidence(List.of(), List.of(report.details()))));
      if (report.samples().isPresent()) {
        report.samples().orElseThrow().write(folder.resolve("samples.json"));
      }
    }
    print(report, evaluation.streams());
    return 0;
  }

  private Report measured(Evaluation evaluation) throws IOException {
    if (engine.given()) {
      return engine.run(spec, LikelihoodJob.class, LikelihoodJob::join);
    }
    return texts.given()
        ? likelihood.measure(evaluation, texts, model, generation.hyperschedule())
        : samples.measure(evaluation, model, generation, texts);
  }

  @Override
  public Divided job() {
    if (!texts.given()) {
      throw new IllegalArgumentException(
          "--engine, --master or --work with --samples or --generate: expected TEXT files, which"
              + " can be measured in parts");
    }
    Evaluation evaluation = evaluation();
    return new LikelihoodJob(
        texts,
        model,
        loaded ->
            likelihood.measurement(evaluation, loaded, model.source(), generation.hyperschedule()));
  }

  private Evaluation evaluation() {
    if (protocol != null) {
      String name = Words.of(protocol);
      List<String> fixed = texts.given() ? LikelihoodOptions.FIXED : SampleOptions.FIXED;
      fixed.stream()
          .filter(this::isGiven)
          .findFirst()
          .ifPresent(
              option -> {
                throw new IllegalArgumentException(
                    "%s with --protocol %s, which chooses it: expected one of the two"
                        .formatted(option, name));
              });
    }
    return new Evaluation(Streams.of(spec), Optional.ofNullable(protocol), seed, Instant.now());
  }

  private boolean isGiven(String option) {
    return Objects.requireNonNull(spec, "picocli sets it")
        .commandLine()
        .getParseResult()
        .hasMatchedOption(option);
  }

  private void print(Report report, Streams streams) throws IOException {
    if (json) {
      streams.out().println(new JsonMapper().writeValueAsString(report.json()));
    } else {
      report.lines().forEach(streams.out()::println);
    }
    if (streams.out().checkError()) {
      throw new IOException("standard output: the report could not be written");
    }
  }
}
