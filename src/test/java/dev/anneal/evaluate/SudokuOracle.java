package dev.anneal.evaluate;

import dev.anneal.model.Denoiser;
import dev.anneal.model.KvCache;
import dev.anneal.model.Window;
import dev.anneal.task.SudokuGrid;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;

/** Reads the digits of a window off its rows, and knows the rest by the rules. */
final class SudokuOracle implements Denoiser {
  private static final int TOKENS = 10;
  private static final float SURE = 100;

  @Override
  public int tokens() {
    return TOKENS;
  }

  @Override
  public int length() {
    return 81;
  }

  @Override
  public KvCache newCache(int batch, int length) {
    return KvCache.none();
  }

  @Override
  public Tensor logits(Window window, KvCache cache, int[] rows) {
    float[] logits = new float[rows.length * TOKENS];
    for (int i = 0; i < rows.length; i++) {
      int text = rows[i] / window.width();
      int cell = window.positions(text)[rows[i] % window.width()];
      int digit = solution(window, text).cells().charAt(cell) - '0';
      logits[i * TOKENS + digit - 1] = SURE;
    }
    return Tensors.of(logits, rows.length, TOKENS);
  }

  private static SudokuGrid solution(Window window, int text) {
    char[] cells = ".".repeat(81).toCharArray();
    for (int row = 0; row < window.ids(text).length; row++) {
      int id = window.ids(text)[row];
      cells[window.positions(text)[row]] = id == TOKENS ? '.' : (char) ('1' + id);
    }
    return new SudokuGrid(new String(cells)).solved();
  }
}
