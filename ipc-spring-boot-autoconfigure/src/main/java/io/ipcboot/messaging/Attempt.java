package io.ipcboot.messaging;

import java.util.Map;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.IpcChannel;
import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.Outbound;
import io.ipcboot.channel.PeerId;
import io.ipcboot.handle.Handle;

/**
 * One attempt to deliver an exchange to a peer.
 */
final class Attempt extends Outbound implements Delivery {

	private final IpcChannel channel;

	private final SentMessages sent;

	private final Completions completions;

	private final Exchange exchange;

	private volatile boolean answered;

	private boolean delivered;

	private boolean lost;

	Attempt(IpcChannel channel, SentMessages sent, Completions completions, Exchange exchange) {
		super(exchange.frame(), exchange.headers());
		this.channel = channel;
		this.sent = sent;
		this.completions = completions;
		this.exchange = exchange;
	}

	@Override
	public PeerId peer() {
		return this.channel.peer();
	}

	Exchange exchange() {
		return this.exchange;
	}

	@Override
	protected void admitted(long id) {
		if (isAwaited()) {
			this.sent.add(id, this);
		}
	}

	private boolean isAwaited() {
		return this.exchange.isCall() || this.exchange.hasHandle();
	}

	private void forget() {
		if (isAwaited()) {
			this.sent.remove(id());
		}
	}

	@Override
	protected long remaining() {
		return this.exchange.remaining();
	}

	@Override
	protected void started(boolean more) {
		try {
			Handle handle = this.exchange.frame().handle();
			if (handle != null && !this.exchange.isStarted()) {
				this.sent.countHandle(handle.kind());
			}
			if (!this.exchange.isCall() && !this.answered) {
				this.delivered = true;
				forget();
				this.sent.started(id(), this.exchange);
			}
			this.exchange.started();
		}
		finally {
			if (!more) {
				this.sent.reportRead(peer());
			}
		}
	}

	/** Handle an answer, which implies that the message was started. */
	void answered() {
		this.answered = true;
	}

	@Override
	protected void lost(boolean mayHaveStarted, IpcException cause) {
		if (this.delivered || !isFirstLoss()) {
			// a one-way message that was started has its outcome
			return;
		}
		boolean again = false;
		try {
			forget();
			again = this.exchange.lost(mayHaveStarted, cause);
		}
		finally {
			if (again || !this.exchange.isDone()) {
				this.sent.countLoss(again);
			}
			if (!again) {
				this.completions.complete(this.exchange, () -> this.exchange.fail(cause));
			}
		}
	}

	/**
	 * Handle the loss of the message. The thread that recalls the message and the thread
	 * that settles a lost peer may call this method at the same time.
	 */
	private synchronized boolean isFirstLoss() {
		boolean first = !this.lost;
		this.lost = true;
		return first;
	}

	@Override
	public void readOutcome() {
		this.channel.readUntil(this.exchange::isDone, remaining());
	}

	@Override
	public boolean withdraw() {
		return this.channel.withdraw(this);
	}

	@Override
	public boolean cancel() {
		boolean withdrawn = withdraw();
		if (withdrawn) {
			forget();
		}
		else if (this.exchange.isCall()) {
			this.channel.sendControl(cancellation());
		}
		return withdrawn;
	}

	@Override
	public void recall() {
		if (withdraw()) {
			lost(false, new ChannelClosedException(peer(), "it was recalled before it was sent", null));
		}
		else {
			recalled();
			this.channel.sendControlElsewhere(cancellation());
		}
	}

	private Frame cancellation() {
		return Frame.control(FrameType.CANCEL, id(), Map.of());
	}

}
