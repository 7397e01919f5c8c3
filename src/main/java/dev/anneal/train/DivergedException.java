package dev.anneal.train;

import java.nio.file.Path;
import java.util.Locale;

/** A loss or a gradient is not finite, and the run has stopped. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  DivergedException(Trainer.Update update, Path saved) {
    super(
        String.format(
            Locale.ROOT,
            "step %d: the loss is %s and the norm of its gradient %s, expected finite numbers; the"
                + " state before it is in %s: try a lower learning rate or a longer warm-up",
            update.step(),
            update.nats(),
            update.gradientNorm(),
            saved));
  }
}
