package io.ipcboot.messaging;

import java.util.Map;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.Outbound;
import io.ipcboot.channel.PeerId;

/**
 * An exchange on its way to one peer.
 */
final class Attempt extends Outbound implements Delivery {

	private final Peer peer;

	private final Exchange exchange;

	private volatile boolean answered;

	private boolean delivered;

	private boolean lost;

	Attempt(Peer peer, Exchange exchange) {
		super(exchange.frame());
		this.peer = peer;
		this.exchange = exchange;
	}

	@Override
	public PeerId peer() {
		return this.peer.id();
	}

	Exchange exchange() {
		return this.exchange;
	}

	@Override
	protected void admitted(long id) {
		if (isAwaited()) {
			this.peer.unanswered().add(id, this);
		}
	}

	private boolean isAwaited() {
		return this.exchange.isCall() || this.exchange.hasHandle();
	}

	private void forget() {
		if (isAwaited()) {
			this.peer.unanswered().forget(id());
		}
	}

	@Override
	protected long remaining() {
		return this.exchange.remaining();
	}

	@Override
	protected void started(boolean more) {
		this.exchange.started();
		if (!this.exchange.isCall() && !this.answered) {
			this.delivered = true;
			forget();
			this.peer.taken().add(id(), this.exchange);
		}
		if (!more) {
			this.peer.taken().tell();
		}
	}

	/** An answer has arrived, which says more than that the message was started. */
	void answered() {
		this.answered = true;
	}

	@Override
	protected void lost(boolean mayHaveStarted, IpcException cause) {
		if (this.delivered || !isFirstLoss()) {
			// that is all there is to a one-way message
			return;
		}
		forget();
		if (!this.exchange.handOver(mayHaveStarted, cause)) {
			this.peer.complete(this.exchange, () -> this.exchange.fail(cause));
		}
	}

	/**
	 * Who takes it back, and who settles the affairs of a lost peer, may do so at once.
	 */
	private synchronized boolean isFirstLoss() {
		boolean first = !this.lost;
		this.lost = true;
		return first;
	}

	@Override
	public void readOutcome() {
		this.peer.channel().readUntil(this.exchange::isDone, remaining());
	}

	@Override
	public boolean withdraw() {
		return this.peer.channel().withdraw(this);
	}

	@Override
	public boolean cancel() {
		boolean withdrawn = withdraw();
		if (withdrawn) {
			forget();
		}
		else if (this.exchange.isCall()) {
			this.peer.channel().sendControl(cancellation());
		}
		return withdrawn;
	}

	@Override
	public void recall() {
		if (withdraw()) {
			lost(false, new ChannelClosedException(peer(), "it was taken back before it was sent", null));
		}
		else {
			this.peer.controlElsewhere(cancellation());
		}
	}

	private Frame cancellation() {
		return Frame.control(FrameType.CANCEL, id(), Map.of());
	}

}
