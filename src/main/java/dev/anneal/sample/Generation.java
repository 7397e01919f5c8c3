package dev.anneal.sample;

import java.time.Duration;
import java.util.List;

/**
 * What a {@link Generator} gives back.
 *
 * @param texts the tokens of each text, [position]
 * @param settled how many tokens of the settling order are final: all of them, unless a {@link
 *     Listener} ended it; the others are provisional, or still the mask
 * @param calls how often the model was asked: twice for a guided guess
 * @param time how long it took
 */
public record Generation(List<int[]> texts, int settled, int calls, Duration time) {}
