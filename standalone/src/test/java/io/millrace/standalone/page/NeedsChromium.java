package io.millrace.standalone.page;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips a test, visibly, where there is no Chromium; with {@code CI=true} it runs all the same and fails, so that nobody's build passes unseen. */
final class NeedsChromium implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (Chromium.isInstalled() || "true".equals(System.getenv("CI"))) {
            return ConditionEvaluationResult.enabled("there is a Chromium, or there has to be one");
        }
        return ConditionEvaluationResult.disabled(Chromium.MISSING);
    }
}
