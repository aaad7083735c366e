package io.ipcboot.messaging;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.ChannelHandler;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.IpcChannel;
import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.handle.Handle;
import io.ipcboot.handle.HandleSocket;
import org.jspecify.annotations.Nullable;

/**
 * The process at the other end of a channel: gets messages and calls, and sends some to
 * the listeners of this side. Safe for use by several threads.
 */
public final class Peer implements Route, Closeable {

	private final Unanswered unanswered = new Unanswered(this);

	private final Completions completions = new Completions();

	private final TakenMessages taken = new TakenMessages(this);

	private final FailureLog failures = new FailureLog();

	private final PeerStatistics statistics = new PeerStatistics();

	private final IpcChannel channel;

	private final Dispatcher dispatcher;

	private final ListenerRegistry listeners;

	private volatile PayloadConverter converter;

	private final PeerEvents events;

	private volatile Object sender = this;

	/**
	 * Create a peer. Nothing is received before {@link #start()}.
	 * @param id who it is
	 * @param socket the connection; owned by the peer from now on
	 * @param limits limits of the channel
	 * @param options how the peer behaves
	 * @param converter converts payloads
	 * @param listeners the listeners of this side
	 * @param events told what happens to the channel
	 * @throws IOException if the socket is closed
	 */
	public Peer(PeerId id, HandleSocket socket, ChannelOptions limits, PeerOptions options, PayloadConverter converter,
			ListenerRegistry listeners, PeerEvents events) throws IOException {
		this.converter = converter;
		this.events = events;
		this.listeners = listeners;
		this.dispatcher = new Dispatcher(this, listeners, options);
		this.channel = new IpcChannel(id, socket, limits, new Handler());
	}

	/**
	 * Change how the peer behaves. To be called before {@link #openListeners()}.
	 * @param limits limits of the channel
	 * @param options how the peer behaves
	 * @param newConverter converts payloads
	 */
	public void configure(ChannelOptions limits, PeerOptions options, PayloadConverter newConverter) {
		this.channel.limit(limits);
		this.dispatcher.configure(options);
		this.converter = newConverter;
	}

	/**
	 * Start to receive. Messages wait until {@link #openListeners()}.
	 */
	public void start() {
		this.channel.start();
	}

	/**
	 * Start to hand messages to the listeners, beginning with those that have arrived.
	 */
	public void openListeners() {
		this.dispatcher.open();
		if (this.dispatcher.hasWork()) {
			Thread early = new Thread(this.dispatcher::work, "ipc-early-messages");
			early.setDaemon(true);
			early.start();
		}
	}

	/**
	 * Return who it is.
	 * @return the identity of the peer
	 */
	public PeerId id() {
		return this.channel.peer();
	}

	/**
	 * Return the channel to the peer.
	 * @return the channel
	 */
	public IpcChannel channel() {
		return this.channel;
	}

	/**
	 * Return what was counted.
	 * @return live counters
	 */
	public PeerStatistics statistics() {
		return this.statistics;
	}

	/**
	 * Tell listeners that this object is the sender of the peer's messages.
	 * @param sender the object that the application knows the peer by
	 */
	public void presentAs(Object sender) {
		this.sender = sender;
	}

	@Override
	public void requireOpen() {
		this.channel.requireOpen();
	}

	/**
	 * Send a message or call. Returns when it is queued.
	 * @param exchange the message; told what becomes of it unless an exception is thrown
	 * @throws IpcException if it was not admitted
	 */
	@Override
	public void transmit(Exchange exchange) {
		Attempt attempt = new Attempt(this, exchange);
		if (!exchange.begin(attempt)) {
			return;
		}
		try {
			this.channel.send(attempt);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new CallInterruptedException(id(), exchange.destination());
		}
		readOutcomeOf(exchange);
	}

	/**
	 * Send a message or call, unless it would have to wait because the peer does not keep
	 * up.
	 * @param exchange the message; told what becomes of it if it was sent
	 * @return {@code false} if it would have to wait
	 * @throws IpcException if it was not admitted
	 */
	public boolean offer(Exchange exchange) {
		Attempt attempt = new Attempt(this, exchange);
		if (!exchange.begin(attempt)) {
			return true;
		}
		boolean sent = this.channel.offer(attempt);
		if (sent) {
			readOutcomeOf(exchange);
		}
		return sent;
	}

	private void readOutcomeOf(Exchange exchange) {
		if (exchange.hasDependents()) {
			this.channel.resumeReading();
		}
	}

	/**
	 * Send a frame that concerns the channel itself.
	 * @param frame the frame
	 */
	public void control(Frame frame) {
		this.channel.sendControl(frame);
	}

	/**
	 * The same for a thread that must not be held up, whatever the other side does.
	 * @param frame the frame
	 */
	public void controlElsewhere(Frame frame) {
		this.channel.sendControlElsewhere(frame);
	}

	/**
	 * Send a message that concerns the library itself, and that waits neither for the
	 * current thread nor behind other messages. Nobody says whether it was taken.
	 * @param destination the destination
	 * @param value the payload
	 * @param handle the handle that travels with it; stays the caller's
	 * @return completes when it was written, or will never be
	 */
	public CompletableFuture<Void> sendUrgent(String destination, Object value, @Nullable Handle handle) {
		Payload payload = this.converter.write(value);
		controlElsewhere(Frame.urgent(destination, payload.content(), payload.bytes(), handle));
		return this.channel.flush();
	}

	/**
	 * Whether the other side can be reached.
	 * @return {@code false} once either side has closed the channel
	 */
	public boolean isConnected() {
		return this.channel.isOpen();
	}

	/**
	 * Start no more messages: what waits, and what still arrives, is returned to its
	 * sender.
	 * @return completes when the listeners have finished what they had, and the peer's
	 * system has their answers
	 */
	public CompletableFuture<Void> drain() {
		return this.dispatcher.drain().thenCompose((nothing) -> this.channel.flush());
	}

	/**
	 * Whether a listener has called {@link System#exit}, so that it will never finish.
	 * @return {@code true} if it has
	 */
	public boolean isExitingFromListener() {
		return this.dispatcher.isExitingFromListener();
	}

	/**
	 * Fail or hand back everything that has no outcome. To be called once, after
	 * {@link PeerEvents#closed}, when the peer cannot start anything any more. Code that
	 * is attached to an outcome has run when this returns, unless it takes long.
	 * @param lastStarted the last id that the peer is known to have started; 0 for none
	 * but those that it has reported, {@link io.ipcboot.channel.StartLedger#UNKNOWN} if
	 * nobody can say
	 * @param running the id of what the peer has died of, if that is a one-way message; 0
	 * if nobody knows
	 * @param cause makes the failure; its argument says whether a listener may have seen
	 * the message
	 */
	public void settle(long lastStarted, long running, Function<Boolean, IpcException> cause) {
		this.channel.settle(lastStarted, cause);
		this.unanswered.lose(cause.apply(true));
		Exchange fatal = this.taken.last(running);
		if (fatal != null) {
			fatal.fatal(cause.apply(true));
		}
		this.completions.finish();
	}

	/**
	 * Whether the other side has not answered all calls that somebody waits for.
	 * @return {@code true} if there is such a call
	 */
	public boolean owesAnswers() {
		return this.unanswered.isAnyAwaited();
	}

	@Override
	public void close() {
		this.channel.close();
	}

	Unanswered unanswered() {
		return this.unanswered;
	}

	IpcMessage message(Frame frame) {
		return new IpcMessage(frame, this.converter, this.sender, id());
	}

	void reply(Frame call, @Nullable Object value) {
		Payload payload = this.converter.write(value);
		this.channel.sendControl(Frame.reply(call.id(), call.destination(), payload.content(), payload.bytes()));
	}

	FailureLog failures() {
		return this.failures;
	}

	TakenMessages taken() {
		return this.taken;
	}

	Completions completions() {
		return this.completions;
	}

	void complete(Exchange exchange, Runnable completion) {
		if (exchange.hasDependents()) {
			this.completions.add(completion);
		}
		else {
			completion.run();
		}
	}

	private void urgent(Frame frame) {
		IpcMessage message = message(frame);
		try {
			Listener listener = this.listeners.findUrgent(frame.destination());
			if (listener != null) {
				listener.onMessage(message);
			}
		}
		catch (Exception ex) {
			this.failures.error("A listener failed for " + frame + " from " + id(), ex);
		}
		finally {
			message.closeUntakenHandle();
		}
	}

	private final class Handler implements ChannelHandler {

		@Override
		public void received(Frame frame) {
			switch (frame.type()) {
				case MESSAGE, CALL -> Peer.this.dispatcher.add(frame);
				case REPLY, FAILURE -> Peer.this.unanswered.answered(frame);
				case URGENT -> urgent(frame);
				case CANCEL -> Peer.this.dispatcher.cancel(frame.id());
				default -> received(frame, frame.handle());
			}
		}

		private void received(Frame frame, @Nullable Handle handle) {
			Peer.this.events.received(frame);
			if (handle != null) {
				// unless somebody wanted it
				handle.close();
			}
		}

		@Override
		public boolean hasWork() {
			return Peer.this.dispatcher.hasWork() || !Peer.this.completions.isEmpty();
		}

		@Override
		public boolean isExpecting() {
			return !Peer.this.unanswered.isEmpty();
		}

		@Override
		public void work() {
			Peer.this.completions.run();
			Peer.this.dispatcher.work();
		}

		@Override
		public void closed(ChannelClosedException cause) {
			Peer.this.dispatcher.close();
			Peer.this.events.closed(cause);
			Peer.this.completions.finish();
		}

	}

}
