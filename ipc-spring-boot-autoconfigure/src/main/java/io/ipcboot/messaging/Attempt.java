package io.ipcboot.messaging;

import java.util.Map;

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
		if (this.exchange.isCall() || this.exchange.frame().handle() != null) {
			this.peer.awaitOutcome(id, this);
		}
	}

	@Override
	protected long remaining() {
		return this.exchange.remaining();
	}

	@Override
	protected void started() {
		this.exchange.started();
		if (!this.exchange.isCall() && !this.answered) {
			this.delivered = true;
			this.peer.forget(id());
			this.peer.complete(this.exchange, this.exchange::delivered);
			this.exchange.released();
		}
	}

	/** An answer has arrived, which says more than that the message was started. */
	void answered() {
		this.answered = true;
	}

	@Override
	protected void lost(boolean mayHaveStarted, IpcException cause) {
		if (this.delivered) {
			// that is all there is to a one-way message
			return;
		}
		this.peer.forget(id());
		if (!this.exchange.handOver(mayHaveStarted, cause)) {
			this.peer.complete(this.exchange, () -> this.exchange.fail(cause));
		}
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
			this.peer.forget(id());
		}
		else if (this.exchange.isCall()) {
			this.peer.channel().sendControl(Frame.control(FrameType.CANCEL, id(), Map.of()));
		}
		return withdrawn;
	}

}
