package io.ipcboot.messaging;

import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.ChannelHandler;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.IpcChannel;
import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.MalformedFrameException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.handle.Handle;
import io.ipcboot.handle.HandleSocket;
import org.jspecify.annotations.Nullable;

/**
 * The process at the other end of a channel: it receives messages and calls, and sends
 * messages and calls to the listeners of this side. Safe for use by several threads.
 */
public final class Peer implements Route, Closeable {

	/**
	 * Header of a call for which a listener waits that was called over the same channel:
	 * the id and the destination of what the listener handles.
	 */
	static final String WITHIN = ":within";

	private final Completions completions = new Completions();

	private final FailureLog failures = new FailureLog();

	private final PeerStatistics statistics = new PeerStatistics();

	private final SentMessages sent = new SentMessages(this.completions, this.statistics);

	private final RelayShare relayShare = new RelayShare();

	private final IpcChannel channel;

	private final Dispatcher dispatcher;

	private final ListenerRegistry listeners;

	private volatile PayloadConverter converter;

	private final PeerEvents events;

	private volatile Object sender = this;

	/**
	 * Create a peer. Nothing is received before {@link #start()}.
	 * @param id the identity of the peer
	 * @param socket the connection; owned by the peer from now on
	 * @param limits limits of the channel
	 * @param options how the peer behaves
	 * @param converter converts payloads
	 * @param listeners the listeners of this side
	 * @param events observes the channel
	 * @throws IOException if the socket is closed
	 */
	public Peer(PeerId id, HandleSocket socket, ChannelOptions limits, PeerOptions options, PayloadConverter converter,
			ListenerRegistry listeners, PeerEvents events) throws IOException {
		this.converter = converter;
		this.events = events;
		this.listeners = listeners;
		this.channel = new IpcChannel(id, socket, limits, new Handler());
		Answers answers = new Answers(this.channel, this.completions, this.failures, () -> this.converter);
		this.dispatcher = new Dispatcher(this.channel, listeners, answers, this.statistics, this, options);
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
	 * Start to hand messages to the listeners, beginning with the messages that arrived
	 * already.
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
	 * Return the identity of the peer.
	 * @return pool, slot and process id
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
	 * Return the counters of the peer.
	 * @return live counters
	 */
	public PeerStatistics statistics() {
		return this.statistics;
	}

	/**
	 * Set the object that listeners get as the sender of the peer's messages.
	 * @param sender the object that the application knows the peer by
	 */
	public void presentAs(Object sender) {
		this.sender = sender;
	}

	@Override
	public void requireOpen() {
		this.channel.requireOpen();
	}

	@Override
	public Frame address(Frame frame, OutgoingMessage message, boolean waits) {
		Inbound current = waits ? Inbound.current() : null;
		if (current == null || current.peer() != this) {
			return frame;
		}
		Map<String, String> headers = new LinkedHashMap<>(frame.headers());
		headers.put(WITHIN, current.frame().id() + " " + current.frame().destination());
		return new Frame(frame.type(), 0, frame.destination(), frame.content(), headers, frame.payload(), 0, null);
	}

	/**
	 * Return the listeners that wait for a call of this peer. The peer names only the
	 * message that its listener handles; what that message was sent for is known here.
	 */
	@Nullable CallChain chainOf(Frame call) {
		String within = call.headers().get(WITHIN);
		int space = (within != null) ? within.indexOf(' ') : -1;
		if (within == null || space < 0) {
			return null;
		}
		try {
			long id = Long.parseLong(within, 0, space, 10);
			return new CallChain(id(), within.substring(space + 1), this.sent.chainOf(id));
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	/**
	 * Return the listeners for the messages of the peer.
	 * @return the registry, to which listeners can be added
	 */
	public ListenerRegistry listeners() {
		return this.listeners;
	}

	/** Return what the worker at either end of the channel has under way to pools. */
	RelayShare relayShare() {
		return this.relayShare;
	}

	/**
	 * Send a message or call. Returns when it is queued.
	 * @param exchange the message; informed of what becomes of it unless an exception is
	 * thrown
	 * @throws IpcException if the message was not admitted
	 */
	@Override
	public void transmit(Exchange exchange) {
		Attempt attempt = new Attempt(this.channel, this.sent, this.completions, exchange);
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
	 * Send a message or call, unless that would have to wait because the peer does not
	 * keep up.
	 * @param exchange the message; informed of what becomes of it if it was sent
	 * @return {@code false} if sending would have to wait
	 * @throws IpcException if the message was not admitted
	 */
	public boolean offer(Exchange exchange) {
		Attempt attempt = new Attempt(this.channel, this.sent, this.completions, exchange);
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
	 * Send a frame that concerns the channel itself, from a thread that must not be held
	 * up whatever the other side does.
	 * @param frame the frame
	 */
	public void controlElsewhere(Frame frame) {
		this.channel.sendControlElsewhere(frame);
	}

	/**
	 * Send a message that concerns the library itself. The message does not hold up the
	 * current thread, and does not wait behind other messages. The peer does not report
	 * whether a listener got it.
	 * @param destination the destination
	 * @param value the payload
	 * @param handle the handle that travels with it; stays the caller's
	 * @return completes when the message was written, or will never be
	 */
	public CompletableFuture<Void> sendUrgent(String destination, Object value, @Nullable Handle handle) {
		Payload payload = this.converter.write(value);
		controlElsewhere(Frame.urgent(destination, payload.content(), payload.bytes(), handle));
		return this.channel.flush();
	}

	/**
	 * Return whether the other side can be reached.
	 * @return {@code false} once either side has closed the channel
	 */
	public boolean isConnected() {
		return this.channel.isOpen();
	}

	/**
	 * Start no more messages, and hand back the messages that wait or still arrive.
	 * @return completes when the listeners have finished, and the kernel has their
	 * answers for the peer
	 */
	public CompletableFuture<Void> drain() {
		return this.dispatcher.drain().thenCompose((nothing) -> this.channel.flush());
	}

	/**
	 * Fail the calls of the peer whose listeners called {@link System#exit}, so that the
	 * peer does not wait for them.
	 */
	public void failExiting() {
		this.dispatcher.failExiting();
	}

	/**
	 * Return whether a listener called {@link System#exit}, so that the listener never
	 * finishes.
	 * @return {@code true} if a listener did
	 */
	public boolean isExitingFromListener() {
		return this.dispatcher.isExitingFromListener();
	}

	/**
	 * Fail every message that has no outcome, or let its route send it to another peer.
	 * To be called once, after {@link PeerEvents#closed}, when the peer cannot start
	 * anything any more. Calls that are known to be started come first, and what one
	 * recipient throws keeps no other from its outcome. Code that is attached to an
	 * outcome has run when this method returns, unless the code takes long.
	 * @param lastStarted the last id that the peer is known to have started; 0 for none
	 * beyond its reports, {@link io.ipcboot.channel.StartLedger#UNKNOWN} if that is not
	 * known
	 * @param running the id of the one-way message that the peer died of; 0 if there is
	 * none or the id is not known
	 * @param cause creates the failure, given whether a listener may have seen the
	 * message
	 */
	public void settle(long lastStarted, long running, Function<Boolean, IpcException> cause) {
		try {
			// these callers wait for nothing else, and there may be many others
			this.sent.loseStarted(() -> cause.apply(true));
			this.channel.settle(lastStarted, cause);
			this.sent.lose(() -> cause.apply(true));
			Exchange fatal = this.sent.lastStarted(running);
			if (fatal != null) {
				fatal.fatal(cause.apply(true));
			}
		}
		finally {
			this.completions.finish();
		}
	}

	/**
	 * Return whether the other side owes an answer that a caller still waits for.
	 * @return {@code true} if there is such a call
	 */
	public boolean owesAnswers() {
		return this.sent.isAwaited();
	}

	/**
	 * Return a one-way message that the other side has started.
	 * @param id the id of the message on its channel
	 * @return the message, or {@code null} unless it is the last one whose start was
	 * reported
	 */
	public @Nullable StartedMessage lastStarted(long id) {
		StartedMessage last = this.sent.lastReported();
		return (last != null && last.id() == id) ? last : null;
	}

	@Override
	public void close() {
		this.channel.close();
	}

	IpcMessage message(Frame frame) {
		return new IpcMessage(frame, this.converter, this.sender, id());
	}

	private void urgent(Frame frame) {
		IpcMessage message = message(frame);
		try {
			Listener listener = this.listeners.findUrgent(frame.destination());
			Object answer = (listener != null) ? listener.onMessage(message) : null;
			if (answer instanceof CompletionStage<?> later) {
				later.thenAccept((value) -> sendUrgent(frame.destination(), value, null))
					.exceptionally((ex) -> answerFailed(frame, ex));
			}
		}
		catch (Exception ex) {
			this.failures.error("A listener failed for " + frame + " from " + id(), ex);
		}
		finally {
			message.closeUntakenHandle();
		}
	}

	/**
	 * A one-way message that was started.
	 *
	 * @param id identifies the message on its channel
	 * @param destination the destination
	 * @param since when the report of its start arrived, as {@link System#nanoTime()}
	 */
	public record StartedMessage(long id, String destination, long since) {
	}

	private @Nullable Void answerFailed(Frame frame, Throwable failure) {
		if (isConnected()) {
			this.failures.error("There is no answer to " + frame + " from " + id(), failure);
		}
		return null;
	}

	private final class Handler implements ChannelHandler {

		@Override
		public void received(Frame frame) throws MalformedFrameException {
			switch (frame.type()) {
				case MESSAGE, CALL -> Peer.this.dispatcher.add(frame);
				case REPLY, FAILURE -> Peer.this.sent.answered(frame);
				case URGENT -> urgent(frame);
				case CANCEL -> Peer.this.dispatcher.cancel(frame.id());
				default -> received(frame, frame.handle());
			}
		}

		private void received(Frame frame, @Nullable Handle handle) throws MalformedFrameException {
			Peer.this.events.received(frame);
			if (handle != null) {
				// does nothing if the handle was adopted
				handle.close();
			}
		}

		@Override
		public boolean hasWork() {
			return Peer.this.dispatcher.hasWork() || Peer.this.completions.hasWork();
		}

		@Override
		public boolean isExpecting() {
			return Peer.this.sent.isExpecting();
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

		@Override
		public void failed() {
			Peer.this.events.failed();
		}

	}

}
