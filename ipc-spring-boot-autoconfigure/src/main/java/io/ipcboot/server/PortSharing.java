package io.ipcboot.server;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * Lets the workers of a pool accept connections to the parent's server sockets, each
 * worker from the moment on when it is ready.
 */
public final class PortSharing implements WorkerObserver {

	/** The destination where workers ask for a server socket. */
	static final String LISTEN = "ipc.server.listen";

	/** The destination where workers ask to be replaced. */
	public static final String RETIRE = "ipc.server.retire";

	/** The destination where workers get the descriptor to accept on. */
	static final String JOIN = "ipc.server.join";

	/** The destination where workers report that they accept. */
	public static final String JOINED = "ipc.server.joined";

	private static final Log logger = LogFactory.getLog(PortSharing.class);

	private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

	/** The workers that are ready and have a slot; a spare gets one later. */
	private final Set<Worker> ready = ConcurrentHashMap.newKeySet();

	/** Actions after which a worker gets no more connections. */
	private final Map<Worker, List<Runnable>> links = new ConcurrentHashMap<>();

	/** Guarded by this. */
	private final Map<BoundSocket, ConnectionDispatcher> dispatchers = new HashMap<>();

	private final PortSettings settings;

	private final ParentSockets sockets;

	private final Replacement replacement;

	private final JoinedWorkers joined;

	/**
	 * Create the parent's side.
	 * @param settings which workers take part, and how
	 * @param sockets the sockets that they accept on
	 * @param registry where the workers' requests arrive
	 * @param replacement replaces a worker that has reached a limit; must not block
	 * @param observer learns which workers accept connections
	 */
	public PortSharing(PortSettings settings, ParentSockets sockets, ListenerRegistry registry, Replacement replacement,
			PortObserver observer) {
		this.settings = settings;
		this.sockets = sockets;
		this.replacement = replacement;
		this.joined = new JoinedWorkers(observer);
		registry.add(LISTEN, this::listen);
		registry.add(JOINED, this::joined);
		registry.add(RETIRE, this::retire);
		sockets.observe((bound) -> this.ready.forEach((worker) -> inBackground(worker, bound)));
	}

	private Listening listen(IpcMessage message) throws IOException {
		ListenRequest request = (ListenRequest) message.payload(ListenRequest.class);
		if (request == null || !this.settings.pool().equals(message.peer().pool())) {
			throw new IllegalArgumentException(
					"Only workers of the pool '%s' may listen on ports of the parent".formatted(this.settings.pool()));
		}
		BoundSocket bound = this.sockets.bind(request.connector(), request.address(), request.backlog());
		return new Listening(ListenRequest.host(bound.address()), bound.address().getPort());
	}

	private Object joined(IpcMessage message) {
		if (message.payload(Integer.class) instanceof Integer connector) {
			sender(message).ifPresent((worker) -> this.sockets.bound()
				.stream()
				.filter((bound) -> bound.connector() == connector)
				.forEach((bound) -> this.joined.add(worker, bound.address())));
		}
		return true;
	}

	private Object retire(IpcMessage message) {
		Retirement wish = (Retirement) message.payload(Retirement.class);
		if (wish != null) {
			sender(message).ifPresent((worker) -> this.replacement.accept(worker.id().slot(), wish.printableReason()));
		}
		return true;
	}

	private Optional<Worker> sender(IpcMessage message) {
		return this.ready.stream().filter((worker) -> worker.id().equals(message.peer())).findFirst();
	}

	@Override
	public void entered(Worker worker, WorkerState state) {
		if (!this.settings.pool().equals(worker.id().pool())) {
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
		if (this.settings.pool().equals(worker.id().pool())) {
			admit(worker);
			if (worker.state() != WorkerState.READY) {
				dismiss(worker);
			}
		}
	}

	private void admit(Worker worker) {
		this.ready.add(worker);
		this.sockets.bound().forEach((bound) -> inBackground(worker, bound));
	}

	private void dismiss(Worker worker) {
		this.ready.remove(worker);
		List<Runnable> known = this.links.remove(worker);
		if (known != null) {
			known.forEach(Runnable::run);
		}
		this.joined.remove(worker);
	}

	private void inBackground(Worker worker, BoundSocket bound) {
		Background.EXECUTOR.execute(() -> join(worker, bound));
	}

	private void join(Worker worker, BoundSocket bound) {
		try {
			if (this.settings.scheduling() == Scheduling.SHARED) {
				offer(worker, bound, bound.handle());
			}
			else {
				connect(worker, bound, dispatcher(bound));
			}
		}
		catch (IOException | RuntimeException | OutOfMemoryError ex) {
			if (worker.state() == WorkerState.READY) {
				logger.warn("%s cannot serve %s yet; asking again: %s".formatted(worker.id(), bound.address(), ex));
				Background.schedule(() -> join(worker, bound), RETRY_INTERVAL);
			}
		}
	}

	private void connect(Worker worker, BoundSocket bound, ConnectionDispatcher dispatcher) throws IOException {
		HandleSocket.Pair pair = HandleSocket.openPair();
		Handle theirs = giveAway(pair);
		WorkerLink link = link(worker, pair.first(), theirs, dispatcher);
		offer(worker, bound, theirs).thenRun(() -> {
			// if the worker did not get its end, this ends the link
			theirs.close();
			dispatcher.add(link);
			this.links.computeIfAbsent(worker, (key) -> new CopyOnWriteArrayList<>())
				.add(() -> dispatcher.remove(link));
			if (worker.state() != WorkerState.READY) {
				dispatcher.remove(link);
			}
		});
	}

	private WorkerLink link(Worker worker, HandleSocket own, Handle theirs, ConnectionDispatcher dispatcher)
			throws IOException {
		try {
			return new WorkerLink(worker.id(), own, this.settings.maxConnections(),
					new DispatchingObserver(dispatcher, worker, this.replacement));
		}
		catch (IOException | RuntimeException | Error ex) {
			// for example, there is no thread to read its reports
			theirs.close();
			own.close();
			throw ex;
		}
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

	private synchronized ConnectionDispatcher dispatcher(BoundSocket bound) throws IOException {
		ConnectionDispatcher known = this.dispatchers.get(bound);
		if (known != null) {
			return known;
		}
		ConnectionDispatcher created = new ConnectionDispatcher(bound, this.settings.scheduling() == Scheduling.STICKY);
		this.dispatchers.put(bound, created);
		return created;
	}

	/**
	 * Stop listening if there is no worker that accepts connections.
	 */
	public void closeUnlessServed() {
		if (this.ready.isEmpty()) {
			close();
		}
	}

	/**
	 * Hand over the last connections, and give up the parent's copies of the sockets.
	 */
	public void close() {
		List<ConnectionDispatcher> stopping;
		synchronized (this) {
			stopping = List.copyOf(this.dispatchers.values());
			this.dispatchers.clear();
		}
		if (this.settings.scheduling() == Scheduling.SHARED) {
			this.sockets.announceEnd();
		}
		this.sockets.release();
		stopping.forEach(ConnectionDispatcher::close);
	}

	/** Send a descriptor ahead of the application's calls, which may take any time. */
	private CompletableFuture<Void> offer(Worker worker, BoundSocket bound, Handle handle) {
		return worker.peer()
			.sendUrgent(JOIN, new Invitation(bound.connector(), this.settings.maxConnections() > 0), handle);
	}

	private record DispatchingObserver(ConnectionDispatcher dispatcher, Worker worker,
			Replacement replacement) implements WorkerLink.LinkObserver {

		@Override
		public void handedBack(WorkerLink link, List<Connection> connections) {
			this.dispatcher.requeue(link, connections);
		}

		@Override
		public void hasRoom() {
			this.dispatcher.hasRoom();
		}

		@Override
		public void ended(WorkerLink link, @Nullable String violation) {
			this.dispatcher.ended(link);
			if (violation != null) {
				logger.error("Killing %s: %s".formatted(this.worker.id(), violation));
				this.worker.kill(LossCause.PROTOCOL);
			}
		}

		@Override
		public void broken(IOException cause) {
			if (this.worker.state() == WorkerState.READY) {
				logger.warn("Replacing %s, which can get no more connections: %s".formatted(this.worker.id(), cause));
				this.replacement.accept(this.worker.id().slot(), "no connection can be sent to it");
			}
		}

	}

	/**
	 * Replaces a worker that has reached a limit.
	 */
	@FunctionalInterface
	public interface Replacement {

		/**
		 * Replace a worker. Must not block.
		 * @param slot the worker's slot
		 * @param reason why it is replaced
		 */
		void accept(int slot, String reason);

	}

}
