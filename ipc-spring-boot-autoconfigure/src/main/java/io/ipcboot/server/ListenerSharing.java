package io.ipcboot.server;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.IpcException;
import io.ipcboot.messaging.Exchanges;
import io.ipcboot.messaging.IpcMessage;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.messaging.OutgoingMessage;
import io.ipcboot.messaging.PayloadConverter;
import io.ipcboot.messaging.Redelivery;
import io.ipcboot.pool.Worker;
import io.ipcboot.pool.WorkerObserver;
import io.ipcboot.pool.WorkerState;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Lets the workers of a pool accept on the parent's listeners, each from the moment on
 * when it is ready.
 */
public final class ListenerSharing implements WorkerObserver {

	/** Where workers ask for a listener. */
	static final String LISTEN = "ipc.server.listen";

	/** Where workers get what to accept on. */
	static final String JOIN = "ipc.server.join";

	private static final Log logger = LogFactory.getLog(ListenerSharing.class);

	private static final int SMALL = 1024;

	private final Set<Worker> ready = ConcurrentHashMap.newKeySet();

	private final String pool;

	private final ParentListeners listeners;

	private final PayloadConverter converter;

	/**
	 * Create the parent's side.
	 * @param pool the pool whose workers take part
	 * @param listeners what they accept on
	 * @param registry where their requests arrive
	 * @param converter converts messages
	 */
	public ListenerSharing(String pool, ParentListeners listeners, ListenerRegistry registry,
			PayloadConverter converter) {
		this.pool = pool;
		this.listeners = listeners;
		this.converter = converter;
		registry.add(LISTEN, this::listen);
		listeners.observe((bound) -> this.ready.forEach((worker) -> inBackground(worker, bound)));
	}

	private Listening listen(IpcMessage message) throws IOException {
		ListenRequest request = (ListenRequest) message.payload(ListenRequest.class);
		if (request == null) {
			throw new IllegalArgumentException("A request to listen is empty");
		}
		BoundListener bound = this.listeners.bind(request.connector(), request.address(), request.backlog());
		return new Listening(ListenRequest.host(bound.address()), bound.address().getPort());
	}

	@Override
	public void entered(Worker worker, WorkerState state) {
		if (!this.pool.equals(worker.id().pool())) {
			return;
		}
		if (state == WorkerState.READY) {
			this.ready.add(worker);
			this.listeners.bound().forEach((bound) -> inBackground(worker, bound));
		}
		else if (state != WorkerState.STARTING) {
			this.ready.remove(worker);
		}
	}

	private void inBackground(Worker worker, BoundListener bound) {
		Background.EXECUTOR.execute(() -> join(worker, bound));
	}

	private void join(Worker worker, BoundListener bound) {
		try {
			Exchanges exchanges = new Exchanges(this.converter, SMALL, Duration.ZERO, Redelivery.NONE,
					worker::transmit);
			exchanges.send(new OutgoingMessage(JOIN, bound.connector(), null, Map.of(), bound.handle(), true, null))
				.exceptionally((ex) -> {
					logger.debug(worker.id() + " left before it could serve " + bound.address(), ex);
					return null;
				});
		}
		catch (IpcException ex) {
			logger.debug(worker.id() + " left before it could serve " + bound.address(), ex);
		}
	}

}
