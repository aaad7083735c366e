package io.ipcboot;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Conditions that are awaited are looked at at once and often: most are true already or
 * soon, and there are thousands of them. Found by JUnit itself.
 */
public final class PromptAwait implements BeforeAllCallback {

	/** Nothing takes that long, but on a machine that is busy with something else too. */
	private static final Duration PATIENCE = Duration.ofSeconds(30);

	@Override
	public void beforeAll(ExtensionContext context) {
		Awaitility.setDefaultPollDelay(Duration.ZERO);
		Awaitility.setDefaultPollInterval(Duration.ofMillis(20));
		Awaitility.setDefaultTimeout(PATIENCE);
	}

}
