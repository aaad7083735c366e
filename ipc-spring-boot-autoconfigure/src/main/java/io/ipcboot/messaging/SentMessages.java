package io.ipcboot.messaging;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.channel.Recipients;
import io.ipcboot.handle.HandleKind;
import org.jspecify.annotations.Nullable;

/**
 * The messages for which a peer still has to account: it owes an answer to a call, an
 * answer to a handle until a listener has it, and a report of the start of any other
 * one-way message, or a failure if its listener cannot be called.
 */
final class SentMessages {

	/** The attempts that the peer owes an answer. */
	private final Map<Long, Attempt> unanswered = new ConcurrentHashMap<>();

	private final Completions completions;

	private final PeerStatistics statistics;

	// the following are used by the reading thread, and after the last one

	/** The one-way messages of the report that is being read. */
	private List<Exchange> started = new ArrayList<>();

	/** The last started one-way message that the peer may die of. */
	private @Nullable Exchange lastStarted;

	private long lastStartedId;

	/** The last started one-way message of the last report, for those who look. */
	private volatile Peer.@Nullable StartedMessage reported;

	/** The failure that is being read, unless it is that of a message in the map. */
	private @Nullable Frame rejection;

	/** The message of the report that is being read to which the failure belongs. */
	private @Nullable Exchange rejected;

	SentMessages(Completions completions, PeerStatistics statistics) {
		this.completions = completions;
		this.statistics = statistics;
	}

	/** Expect an answer to an attempt. */
	void add(long id, Attempt attempt) {
		this.unanswered.put(id, attempt);
	}

	/** Expect no more answer to an attempt. */
	void remove(long id) {
		this.unanswered.remove(id);
	}

	/** Return the chain of the call to which the peer owes an answer, if it owes one. */
	@Nullable CallChain chainOf(long id) {
		Attempt attempt = this.unanswered.get(id);
		return (attempt != null) ? attempt.exchange().chain() : null;
	}

	/** Return whether the peer owes an answer. */
	boolean isExpecting() {
		return !this.unanswered.isEmpty();
	}

	/** Return whether the peer owes an answer that a caller still waits for. */
	boolean isAwaited() {
		return this.unanswered.values().stream().anyMatch((attempt) -> !attempt.exchange().isDone());
	}

	/**
	 * Count a message that the peer does not get, or does not finish.
	 * @param again whether it goes to another peer
	 */
	void countLoss(boolean again) {
		(again ? this.statistics.requeued : this.statistics.lost).increment();
	}

	/** Count a handle that the peer has. */
	void countHandle(HandleKind kind) {
		this.statistics.countHandle(kind);
	}

	/**
	 * Fail or reroute the unanswered messages of a lost peer that are known to have been
	 * started.
	 * @param cause creates the failure of each
	 */
	void loseStarted(Supplier<IpcException> cause) {
		Recipients.tellAll(this.unanswered.values(), (attempt) -> {
			if (attempt.exchange().isStarted()) {
				attempt.lost(true, cause.get());
			}
		});
	}

	/**
	 * Fail or reroute all unanswered messages of a lost peer.
	 * @param cause creates the failure of each
	 */
	void lose(Supplier<IpcException> cause) {
		Recipients.tellAll(this.unanswered.values(), (attempt) -> attempt.lost(true, cause.get()));
	}

	/** Pass on an answer of the peer. */
	void answered(Frame answer) {
		Attempt attempt = this.unanswered.remove(answer.id());
		if (attempt == null) {
			awaitReport(answer);
			return;
		}
		attempt.answered();
		if (isOfListener(answer)) {
			attempt.exchange().survived();
		}
		try {
			attempt.exchange().released();
		}
		finally {
			conclude(attempt, answer);
		}
	}

	/**
	 * Handle an answer that nothing waits for. The channel reads a failure as a report
	 * too, so the message comes next if it is a one-way message that was not started.
	 */
	private void awaitReport(Frame answer) {
		boolean failure = answer.type() == FrameType.FAILURE;
		if (!failure || this.rejection != null) {
			this.statistics.lateReplies.increment();
		}
		this.rejection = failure ? answer : this.rejection;
	}

	/** Return whether a listener ran, and not only the peer itself. */
	private static boolean isOfListener(Frame answer) {
		return answer.type() == FrameType.REPLY
				|| RemoteFailure.Reason.from(answer.headers().get("reason")) == RemoteFailure.Reason.HANDLER;
	}

	private void conclude(Attempt attempt, Frame answer) {
		Exchange exchange = attempt.exchange();
		if (exchange.isDone()) {
			this.statistics.lateReplies.increment();
		}
		else {
			this.completions.complete(exchange, () -> exchange.answered(answer, attempt.peer()));
		}
	}

	/** Note that the peer reports the start of a one-way message. */
	void started(long id, Exchange message) {
		this.started.add(message);
		if (this.rejection != null && this.rejection.id() == id) {
			// no listener has it
			this.rejected = message;
			return;
		}
		if (message.isWatched()) {
			if (this.lastStarted != null) {
				this.lastStarted.survived();
			}
			this.lastStarted = message;
			this.lastStartedId = id;
		}
	}

	/**
	 * End a report. Routes learn of all its messages at once, since a report may name
	 * hundreds, and before the callers that wait for one of them.
	 */
	void reportRead(PeerId peer) {
		if (this.started.isEmpty()) {
			return;
		}
		List<Exchange> startedOnes = this.started;
		this.started = new ArrayList<>();
		publish();
		Exchange refused = this.rejected;
		Frame failure = this.rejection;
		if (refused != null) {
			this.rejected = null;
			this.rejection = null;
		}
		try {
			Exchange.released(startedOnes);
		}
		finally {
			Recipients.tellAll(startedOnes,
					(message) -> this.completions.complete(message, (message == refused && failure != null)
							? () -> message.answered(failure, peer) : message::delivered));
		}
	}

	/** Note the time of a report only once, since the report may name hundreds. */
	private void publish() {
		Exchange last = this.lastStarted;
		if (last != null && this.started.isEmpty()) {
			this.reported = new Peer.StartedMessage(this.lastStartedId, last.destination(), System.nanoTime());
		}
	}

	/** Return the one-way message whose start was reported last; for any thread. */
	Peer.@Nullable StartedMessage lastReported() {
		return this.reported;
	}

	/** Return the one-way message with an id, unless another one was started after it. */
	@Nullable Exchange lastStarted(long id) {
		return (id == this.lastStartedId) ? this.lastStarted : null;
	}

}
