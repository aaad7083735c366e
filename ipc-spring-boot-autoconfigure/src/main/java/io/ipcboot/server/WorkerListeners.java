package io.ipcboot.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

import io.ipcboot.handle.Handle;
import io.ipcboot.handle.HandleKind;
import io.ipcboot.handle.HandleSocket;
import io.ipcboot.messaging.IpcMessage;
import io.ipcboot.messaging.ListenerRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The listeners of a worker. They belong to the parent, which says where they are when
 * the worker starts, and sends what to accept on when the worker is to take part.
 */
public final class WorkerListeners implements ServerListeners {

	/** Where the parent is asked for a listener. */
	public static final String LISTEN = ListenerSharing.LISTEN;

	private static final Log logger = LogFactory.getLog(WorkerListeners.class);

	private final List<ServerListener> listeners = new CopyOnWriteArrayList<>();

	private final ServerDeparture departure;

	private final Function<Object, Object> parent;

	/**
	 * Create the worker's side.
	 * @param departure gets to know the listeners
	 * @param registry where the messages of the parent arrive
	 * @param parent calls the parent's {@value #LISTEN}; from a request to an answer
	 */
	public WorkerListeners(ServerDeparture departure, ListenerRegistry registry, Function<Object, Object> parent) {
		this.departure = departure;
		this.parent = parent;
		registry.addUrgent(ListenerSharing.JOIN, this::join);
	}

	/**
	 * The type of the parent's answers.
	 * @return a class that the answer can be read as
	 */
	public static Class<?> answerType() {
		return Listening.class;
	}

	@Override
	public ServerListener create(Supplier<InetSocketAddress> address, IntSupplier backlog) {
		ServerListener listener = new ServerListener(this.listeners.size(), (created) -> {
			Listening answer = (Listening) this.parent
				.apply(ListenRequest.of(created.index(), address.get(), backlog.getAsInt()));
			return ListenRequest.address(answer.host(), answer.port());
		});
		this.listeners.add(listener);
		this.departure.add(listener);
		return listener;
	}

	private Object join(IpcMessage message) throws IOException {
		int connector = (message.payload(Integer.class) instanceof Integer number) ? number : -1;
		Handle handle = message.handle();
		if (handle == null || connector < 0 || connector >= this.listeners.size()) {
			logger.warn("The parent offers a listener for connector %d, but there is none".formatted(connector));
			return false;
		}
		ServerListener listener = this.listeners.get(connector);
		if (handle.kind() == HandleKind.UNIX_SOCKET) {
			ServedConnections served = listener.served();
			listener.serve(new HandedOver(HandleSocket.of(handle), (served != null) ? served::count : () -> 0));
		}
		else {
			Handle spare = Handle.share(handle);
			listener.serve(new ListenerSource(handle.as(ServerSocketChannel.class), spare));
		}
		if (logger.isInfoEnabled()) {
			logger.info("Serving " + listener.address());
		}
		return true;
	}

}
