package dev.anneal.study;

import dev.anneal.model.Placement;
import java.nio.file.Path;

/**
 * Where a study is made.
 *
 * @param placement of the networks
 * @param tokens the folder that keeps tokenized text
 * @param version of Anneal, for the reports
 */
public record Laboratory(Placement placement, Path tokens, String version) {}
