package io.ipcboot.channel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The frames that wait to be written, in two lanes. Messages and calls go in order, each
 * only when the peer's dispatcher has room for it. Everything else (replies, reports,
 * cancellations) overtakes them when they have to wait, or both sides could wait for each
 * other. Not safe for concurrent use.
 */
final class SendQueue {

	private static final byte[] NO_HEADERS = new byte[0];

	/**
	 * No more messages fit into the window of the peer, which is as large as this one.
	 */
	private static final int MAX_HANDED_BACK = ChannelOptions.WINDOW / FrameHeader.SIZE;

	private final Deque<Frame> control = new ArrayDeque<>();

	private final OutboundQueue ordered = new OutboundQueue();

	private final DestinationNames names = new DestinationNames();

	private final SendWindow window = new SendWindow();

	private final Runnable shrunk;

	private long lastId;

	private long lastWritten;

	private boolean peerLeaves;

	/** How many messages of the peer were handed back without the peer knowing it. */
	private int handedBack;

	private long backlog;

	private long controlBacklog;

	/**
	 * @param shrunk called when fewer bytes wait than before
	 */
	SendQueue(Runnable shrunk) {
		this.shrunk = shrunk;
	}

	/** Return how many bytes of messages and calls wait. */
	long backlog() {
		return this.backlog;
	}

	/** Return how many bytes of other frames wait. */
	long controlBacklog() {
		return this.controlBacklog;
	}

	void add(Outbound outbound) {
		outbound.number(++this.lastId);
		outbound.enter(Outbound.State.QUEUED);
		this.backlog += outbound.size();
		this.ordered.add(outbound);
	}

	/** Note that the peer leaves. */
	void peerLeaves() {
		this.peerLeaves = true;
	}

	/**
	 * Compare what a frame of the peer says about messages with what is known of them.
	 * @return what cannot be true, or {@code null}
	 */
	@Nullable String contradiction(Frame frame) {
		return switch (frame.type()) {
			case STARTED, REPLY, FAILURE -> unknown(frame);
			case NOT_STARTED -> (this.peerLeaves || !this.window.isUnexpectedBack(frame.id())) ? unknown(frame)
					: "the message %d handed back that was not recalled".formatted(frame.id());
			case CANCEL -> (this.handedBack < MAX_HANDED_BACK) ? null
					: "more messages recalled than the sender could have under way";
			default -> null;
		};
	}

	private @Nullable String unknown(Frame report) {
		return (report.id() <= this.lastWritten) ? null : "%s for the message %d, though the last one was %d"
			.formatted(report.type(), report.id(), this.lastWritten);
	}

	void addControl(Frame frame) {
		Frame last = this.control.peekLast();
		if (last != null && last.type() == FrameType.STARTED && frame.type() == FrameType.STARTED) {
			// only the latest report matters, and a peer that does not read gets none
			if (last.id() >= frame.id()) {
				return;
			}
			this.control.removeLast();
			this.controlBacklog -= last.weight();
		}
		this.control.add(frame);
		this.controlBacklog += frame.weight();
		if (frame.type() == FrameType.NOT_STARTED) {
			this.handedBack++;
		}
		if (frame.type() == FrameType.DRAIN) {
			this.peerLeaves = true;
		}
	}

	/**
	 * Withdraw a message.
	 * @return {@code false} if the message was already written
	 */
	boolean withdraw(Outbound outbound) {
		if (outbound.state() == Outbound.State.WRITTEN) {
			return false;
		}
		if (outbound.state() == Outbound.State.QUEUED) {
			dequeue(outbound);
		}
		outbound.enter(Outbound.State.WITHDRAWN);
		return true;
	}

	/**
	 * Remove and return all messages up to the given id that the peer had not started.
	 */
	List<Outbound> started(long upTo) {
		return this.window.started(upTo);
	}

	/** Return whether a message waits, or was written and not started yet. */
	boolean isExpecting() {
		return this.ordered.peek() != null || !this.window.isEmpty();
	}

	/** Remove and return a message that the peer hands back. */
	@Nullable Outbound handedBack(long id) {
		return this.window.remove(id);
	}

	/**
	 * Remove and return the messages that were admitted and not reported as started, in
	 * order.
	 */
	List<Outbound> unresolved() {
		List<Outbound> unresolved = new ArrayList<>(this.window.started(Long.MAX_VALUE));
		for (Outbound queued : this.ordered.removeAll()) {
			queued.enter(Outbound.State.WITHDRAWN);
			unresolved.add(queued);
		}
		this.backlog = 0;
		return unresolved;
	}

	void clearControl() {
		this.control.clear();
		this.controlBacklog = 0;
	}

	/**
	 * Move as many frames as possible to the batch.
	 * @param batch the batch, empty
	 * @param bytesRead how many bytes of the peer were read, which the frames report
	 */
	void fill(WriteBatch batch, long bytesRead) {
		if (fillFromControl(batch, bytesRead)) {
			fillFromOrdered(batch, bytesRead);
		}
		this.shrunk.run();
	}

	private boolean fillFromControl(WriteBatch batch, long bytesRead) {
		Frame next;
		while ((next = this.control.peek()) != null) {
			if (!batch.add(next, HeaderCodec.encode(next.headers()), next.id(), 0, 0, bytesRead)) {
				return false;
			}
			this.control.remove();
			this.controlBacklog -= next.weight();
			if (next.type() == FrameType.NOT_STARTED) {
				this.handedBack--;
			}
		}
		return true;
	}

	private void fillFromOrdered(WriteBatch batch, long bytesRead) {
		Outbound outbound;
		while ((outbound = this.ordered.peek()) != null) {
			long remaining = outbound.remaining();
			if (remaining < 0) {
				dequeue(outbound);
				outbound.enter(Outbound.State.WITHDRAWN);
			}
			else if (this.window.permits(outbound) && write(outbound, remaining, batch, bytesRead)) {
				dequeue(outbound);
				outbound.enter(Outbound.State.WRITTEN);
				this.lastWritten = outbound.id();
				this.window.add(outbound);
			}
			else {
				return;
			}
		}
	}

	private boolean write(Outbound outbound, long remaining, WriteBatch batch, long bytesRead) {
		Frame frame = outbound.frame();
		byte[] headers = outbound.headers();
		int number = this.names.numberOf(frame.destination());
		if (number == 0 && !this.names.hasRoom()) {
			headers = DestinationNames.headersWithName(frame);
		}
		else if (number == 0) {
			number = this.names.nextNumber();
			if (!batch.add(DestinationNames.definition(frame.destination()), NO_HEADERS, 0, number, 0, bytesRead)) {
				return false;
			}
			this.names.define(frame.destination());
		}
		return batch.add(frame, headers, outbound.id(), number, remaining, bytesRead);
	}

	private void dequeue(Outbound outbound) {
		this.ordered.remove(outbound);
		this.backlog -= outbound.size();
	}

}
