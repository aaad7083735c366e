package io.ipcboot.process;

import java.nio.file.Path;

/**
 * Thrown when the files of this application have changed since it started, so that a
 * worker would run other code than this process.
 */
public final class ChangedCodeException extends IllegalStateException {

	ChangedCodeException(Path file, String change) {
		super(("The code of this application has changed since it started: %s %s. A worker would run other code than "
				+ "this process, so none is started. Restart the application")
			.formatted(file, change));
	}

}
