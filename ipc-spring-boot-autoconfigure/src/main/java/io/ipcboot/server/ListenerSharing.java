package io.ipcboot.server;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.ipcboot.channel.Background;
import io.ipcboot.handle.Handle;
import io.ipcboot.handle.HandleSocket;
import io.ipcboot.messaging.IpcMessage;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.pool.LossCause;
import io.ipcboot.pool.Worker;
import io.ipcboot.pool.WorkerObserver;
import io.ipcboot.pool.WorkerState;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Lets the workers of a pool accept on the parent's listeners, each from the moment on
 * when it is ready.
 */
public final class ListenerSharing implements WorkerObserver {

	/** Where workers ask for a listener. */
	static final String LISTEN = "ipc.server.listen";

	/** Where workers ask to be replaced. */
	public static final String RETIRE = "ipc.server.retire";

	/** Where workers get what to accept on. */
	static final String JOIN = "ipc.server.join";

	private static final Log logger = LogFactory.getLog(ListenerSharing.class);

	private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

	/** Those that are ready and have a slot, which a spare gets later. */
	private final Set<Worker> ready = ConcurrentHashMap.newKeySet();

	/** What to do so that a worker gets no more connections. */
	private final Map<Worker, List<Runnable>> lines = new ConcurrentHashMap<>();

	/** Guarded by this. */
	private final Map<BoundListener, ConnectionDispatcher> dispatchers = new HashMap<>();

	private final String pool;

	private final ParentListeners listeners;

	private final Replacement replacement;

	private final Scheduling scheduling;

	/**
	 * Create the parent's side.
	 * @param pool the pool whose workers take part
	 * @param listeners what they accept on
	 * @param scheduling which process gets a new connection
	 * @param registry where their requests arrive
	 * @param replacement replaces a worker that has served enough; must not block
	 */
	public ListenerSharing(String pool, ParentListeners listeners, Scheduling scheduling, ListenerRegistry registry,
			Replacement replacement) {
		this.pool = pool;
		this.listeners = listeners;
		this.scheduling = scheduling;
		this.replacement = replacement;
		registry.add(LISTEN, this::listen);
		registry.add(RETIRE, this::retire);
		listeners.observe((bound) -> this.ready.forEach((worker) -> inBackground(worker, bound)));
	}

	private Listening listen(IpcMessage message) throws IOException {
		ListenRequest request = (ListenRequest) message.payload(ListenRequest.class);
		if (request == null || !this.pool.equals(message.peer().pool())) {
			throw new IllegalArgumentException(
					"Only workers of the pool '%s' listen on ports of the parent".formatted(this.pool));
		}
		BoundListener bound = this.listeners.bind(request.connector(), request.address(), request.backlog());
		return new Listening(ListenRequest.host(bound.address()), bound.address().getPort());
	}

	private Object retire(IpcMessage message) {
		Retirement wish = (Retirement) message.payload(Retirement.class);
		if (wish != null) {
			this.ready.stream()
				.filter((worker) -> worker.id().equals(message.peer()))
				.forEach((worker) -> this.replacement.accept(worker.id().slot(), wish.printableReason()));
		}
		return true;
	}

	@Override
	public void entered(Worker worker, WorkerState state) {
		if (!this.pool.equals(worker.id().pool())) {
			return;
		}
		if (state == WorkerState.READY && worker.id().slot() >= 0) {
			admit(worker);
		}
		else if (state.compareTo(WorkerState.READY) > 0) {
			dismiss(worker);
		}
	}

	@Override
	public void assigned(Worker worker) {
		if (this.pool.equals(worker.id().pool())) {
			admit(worker);
			if (worker.state() != WorkerState.READY) {
				dismiss(worker);
			}
		}
	}

	private void admit(Worker worker) {
		this.ready.add(worker);
		this.listeners.bound().forEach((bound) -> inBackground(worker, bound));
	}

	private void dismiss(Worker worker) {
		this.ready.remove(worker);
		List<Runnable> known = this.lines.remove(worker);
		if (known != null) {
			known.forEach(Runnable::run);
		}
	}

	private void inBackground(Worker worker, BoundListener bound) {
		Background.EXECUTOR.execute(() -> join(worker, bound));
	}

	private void join(Worker worker, BoundListener bound) {
		try {
			if (this.scheduling == Scheduling.SHARED) {
				offer(worker, bound, bound.handle());
			}
			else {
				connect(worker, bound, dispatcher(bound));
			}
		}
		catch (IOException | RuntimeException ex) {
			if (worker.state() == WorkerState.READY) {
				logger
					.warn("%s cannot serve %s yet, and is asked again: %s".formatted(worker.id(), bound.address(), ex));
				Background.schedule(() -> join(worker, bound), RETRY_INTERVAL);
			}
		}
	}

	private void connect(Worker worker, BoundListener bound, ConnectionDispatcher dispatcher) throws IOException {
		HandleSocket.Pair pair = HandleSocket.openPair();
		Handle theirs = giveAway(pair);
		ConnectionLine line = new ConnectionLine(worker.id(), pair.first(), new LineEvents(dispatcher, worker));
		offer(worker, bound, theirs).thenRun(() -> {
			// if it did not get there, that is the end of the line
			theirs.close();
			dispatcher.add(line);
			this.lines.computeIfAbsent(worker, (key) -> new CopyOnWriteArrayList<>())
				.add(() -> dispatcher.remove(line));
			if (worker.state() != WorkerState.READY) {
				dispatcher.remove(line);
			}
		});
	}

	private static Handle giveAway(HandleSocket.Pair pair) throws IOException {
		try {
			return pair.second().giveAway();
		}
		catch (IOException ex) {
			pair.first().close();
			pair.second().close();
			throw ex;
		}
	}

	private synchronized ConnectionDispatcher dispatcher(BoundListener bound) throws IOException {
		ConnectionDispatcher known = this.dispatchers.get(bound);
		if (known != null) {
			return known;
		}
		ConnectionDispatcher created = new ConnectionDispatcher(bound, this.scheduling == Scheduling.STICKY);
		this.dispatchers.put(bound, created);
		return created;
	}

	/**
	 * If there is no worker that would accept what comes from now on, stop listening.
	 */
	public void closeUnlessServed() {
		if (this.ready.isEmpty()) {
			close();
		}
	}

	/**
	 * Hand over the last connections, and give up the parent's copies of the listeners.
	 */
	public void close() {
		List<ConnectionDispatcher> stopping;
		synchronized (this) {
			stopping = List.copyOf(this.dispatchers.values());
			this.dispatchers.clear();
		}
		if (this.scheduling == Scheduling.SHARED) {
			this.listeners.announceEnd();
		}
		this.listeners.release();
		stopping.forEach(ConnectionDispatcher::close);
	}

	/** Not behind calls of the application, which may take as long as they like. */
	private static CompletableFuture<Void> offer(Worker worker, BoundListener bound, Handle handle) {
		return worker.peer().sendUrgent(JOIN, bound.connector(), handle);
	}

	private record LineEvents(ConnectionDispatcher dispatcher, Worker worker) implements ConnectionLine.Events {

		@Override
		public void returned(ConnectionLine line, List<Connection> connections) {
			this.dispatcher.redeliver(line, connections);
		}

		@Override
		public void hasRoom() {
			this.dispatcher.hasRoom();
		}

		@Override
		public void ended(ConnectionLine line, @Nullable String violation) {
			this.dispatcher.ended(line);
			if (violation != null) {
				logger.error("%s is killed: %s".formatted(this.worker.id(), violation));
				this.worker.kill(LossCause.PROTOCOL);
			}
		}

	}

	/**
	 * Replaces a worker that has served enough.
	 */
	@FunctionalInterface
	public interface Replacement {

		/**
		 * Replace a worker. Must not block.
		 * @param slot its slot
		 * @param reason why
		 */
		void accept(int slot, String reason);

	}

}
