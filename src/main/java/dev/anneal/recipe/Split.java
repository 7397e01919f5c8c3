package dev.anneal.recipe;

/** Where a text file is cut into documents; each document ends with the end-of-text token. */
public enum Split {
  /** A file is one document. */
  FILE,
  /** A line is one document. */
  LINE,
  /** Blank lines stand between documents. */
  BLANK_LINE
}
