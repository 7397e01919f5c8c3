package dev.anneal.cli;

import dev.anneal.model.TransformerShape;
import picocli.CommandLine.Option;

/** The options that give the size of a network whose speed is measured. */
final class NetworkSize {

  @Option(names = "--layers", defaultValue = "6", description = "Default: ${DEFAULT-VALUE}.")
  private int layers;

  @Option(names = "--heads", defaultValue = "4", description = "Default: ${DEFAULT-VALUE}.")
  private int heads;

  @Option(names = "--channels", defaultValue = "256", description = "Default: ${DEFAULT-VALUE}.")
  private int channels;

  @Option(names = "--tokens", defaultValue = "8192", description = "Default: ${DEFAULT-VALUE}.")
  private int tokens;

  /** The network for texts of a length. */
  TransformerShape forLength(int length) {
    return new TransformerShape(tokens, layers, heads, channels, length);
  }
}
