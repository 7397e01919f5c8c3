package dev.anneal.study;

import dev.anneal.tensor.Device;
import java.nio.file.Path;

/**
 * Where a study is made.
 *
 * @param device of the networks
 * @param tokens the folder that keeps tokenized text
 * @param version of Anneal, for the reports
 */
public record Laboratory(Device device, Path tokens, String version) {}
