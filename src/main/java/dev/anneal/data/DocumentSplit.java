package dev.anneal.data;

/** Where a document of a plain text file ends. */
public enum DocumentSplit {
  /** At the end of the file. */
  FILE,
  /** At the end of every line. */
  LINE,
  /** At every blank line. */
  BLANK_LINE
}
