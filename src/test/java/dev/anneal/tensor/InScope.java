package dev.anneal.tensor;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs each test in a scope of its own, which frees the test's tensors. */
public final class InScope implements BeforeEachCallback, AfterEachCallback {
  private @Nullable Scope scope;

  @Override
  public void beforeEach(ExtensionContext context) {
    scope = Scope.open();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (scope != null) {
      scope.close();
    }
  }
}
