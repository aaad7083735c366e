package io.ipcboot.pool;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.ipcboot.channel.BacklogFullException;
import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.MessageTooLargeException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.channel.UntrustedText;
import io.ipcboot.messaging.FailureFormat;
import io.ipcboot.process.ProcessExit;
import io.ipcboot.process.Signal;
import org.jspecify.annotations.Nullable;

/**
 * The failures that a message can have in a pool, as headers. What is read has the type
 * and the text of what was written.
 */
public final class PoolFailures implements FailureFormat {

	private static final String KIND = ":failure";

	private static final String TEXT = ":text";

	private static final String ENTRY = ":entry";

	private static final String CAUSE = ":cause";

	private static final String STARTED = ":may-have-started";

	private static final String CODE = ":exit-code";

	private static final String SIGNAL = ":signal";

	private static final String UPTIME = ":uptime";

	private static final String OUT_OF_MEMORY = ":out-of-memory";

	private static final String CRASH_FILE = ":crash-file";

	private static final String LAST_LINES = ":last-lines";

	/** A char takes at most three bytes, and headers have at most 64 KiB. */
	private static final int MAX_TEXT = 16 * 1024;

	@Override
	public @Nullable Map<String, String> write(IpcException failure) {
		Kind kind = Kind.of(failure);
		if (kind == null) {
			return null;
		}
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put(KIND, kind.name());
		if (failure instanceof WorkerLostException lost) {
			write(lost, headers);
			return headers;
		}
		headers.put(TEXT, UntrustedText.cut(text(failure), MAX_TEXT));
		if (failure instanceof QuarantinedException refused) {
			headers.put(ENTRY, refused.getId());
		}
		return headers;
	}

	private static void write(WorkerLostException lost, Map<String, String> headers) {
		ProcessExit exit = lost.getExit();
		headers.put(CAUSE, lost.getLossCause().name());
		headers.put(STARTED, Boolean.toString(lost.mayHaveStarted()));
		headers.put(CODE, Integer.toString(exit.code()));
		headers.put(UPTIME, exit.uptime().toString());
		headers.put(OUT_OF_MEMORY, Boolean.toString(exit.outOfMemory()));
		headers.put(LAST_LINES, String.join("\n", UntrustedText.end(exit.lastLines())));
		if (exit.signal() != null) {
			headers.put(SIGNAL, exit.signal().name());
		}
		if (exit.crashFile() != null) {
			headers.put(CRASH_FILE, exit.crashFile().toString());
		}
	}

	@Override
	public @Nullable IpcException read(Map<String, String> headers, @Nullable PeerId peer) {
		Kind kind = Kind.named(headers.get(KIND));
		if (kind == null) {
			return null;
		}
		String text = headers.getOrDefault(TEXT, "");
		return switch (kind) {
			case WORKER_LOST -> lost((peer != null) ? peer : PeerId.process(-1), headers);
			case SATURATED -> new PoolSaturatedException(text);
			case DEGRADED -> new PoolDegradedException(text);
			case CLOSED -> PoolClosedException.withText(text);
			case QUARANTINED -> new QuarantinedException(text, headers.getOrDefault(ENTRY, ""));
			case DEADLOCK -> new CallDeadlockException(peer, text);
			case CHANNEL_CLOSED -> new ChannelClosedException((peer != null) ? peer : PeerId.process(-1), text, null);
			case BACKLOG_FULL -> new BacklogFullException(peer, text);
			case TOO_LARGE -> new MessageTooLargeException(peer, text);
		};
	}

	private static WorkerLostException lost(PeerId worker, Map<String, String> headers) {
		String lines = headers.getOrDefault(LAST_LINES, "");
		String signal = headers.get(SIGNAL);
		String crashFile = headers.get(CRASH_FILE);
		ProcessExit exit = new ProcessExit(worker.pid(), Integer.parseInt(headers.getOrDefault(CODE, "-1")),
				(signal != null) ? Signal.of(signal) : null, Duration.parse(headers.getOrDefault(UPTIME, "PT0S")),
				lines.isEmpty() ? List.of() : List.of(lines.split("\n", -1)),
				Boolean.parseBoolean(headers.get(OUT_OF_MEMORY)), (crashFile != null) ? Path.of(crashFile) : null);
		return new WorkerLostException(worker, LossCause.valueOf(headers.getOrDefault(CAUSE, LossCause.EXITED.name())),
				exit, Boolean.parseBoolean(headers.get(STARTED)), null);
	}

	/** Return the text without the name of the peer, which the constructor adds again. */
	private static String text(IpcException failure) {
		String text = String.valueOf(failure.getMessage());
		String prefix = failure.getPeer() + ": ";
		return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
	}

	/** The exceptions that can be read. */
	private enum Kind {

		WORKER_LOST(WorkerLostException.class),

		SATURATED(PoolSaturatedException.class),

		DEGRADED(PoolDegradedException.class),

		CLOSED(PoolClosedException.class),

		QUARANTINED(QuarantinedException.class),

		DEADLOCK(CallDeadlockException.class),

		CHANNEL_CLOSED(ChannelClosedException.class),

		BACKLOG_FULL(BacklogFullException.class),

		TOO_LARGE(MessageTooLargeException.class);

		private final Class<? extends IpcException> type;

		Kind(Class<? extends IpcException> type) {
			this.type = type;
		}

		static @Nullable Kind of(IpcException failure) {
			for (Kind kind : values()) {
				if (kind.type.isInstance(failure)) {
					return kind;
				}
			}
			return null;
		}

		static @Nullable Kind named(@Nullable String name) {
			for (Kind kind : values()) {
				if (kind.name().equals(name)) {
					return kind;
				}
			}
			return null;
		}

	}

}
