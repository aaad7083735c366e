package io.ipcboot.channel;

import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Tells several recipients the same thing. What one of them throws, be it an error, keeps
 * no other one from what it has to know.
 */
public final class Recipients {

	private static final Log logger = LogFactory.getLog(Recipients.class);

	private Recipients() {
	}

	/**
	 * Tell all recipients something. Throws nothing.
	 * @param recipients the recipients
	 * @param news tells one recipient
	 * @param <T> the type of the recipients
	 */
	public static <T> void tellAll(Iterable<? extends T> recipients, Consumer<? super T> news) {
		for (T recipient : recipients) {
			try {
				news.accept(recipient);
			}
			catch (Throwable ex) {
				log("A recipient failed", ex);
			}
		}
	}

	/**
	 * Log a failure. Throws nothing, even if there is no memory left for the log.
	 * @param problem what failed
	 * @param failure the failure
	 */
	public static void log(String problem, Throwable failure) {
		try {
			logger.error(problem, failure);
		}
		catch (Throwable ex) {
			// whoever has still to be told is more important
		}
	}

}
