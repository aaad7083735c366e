package io.ipcboot.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.IntConsumer;
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
 * A worker's access to the server sockets. They belong to the parent, which names their
 * addresses when the worker starts, and sends the descriptors to accept on when the
 * worker is ready.
 */
public final class WorkerSockets implements SharedAcceptors {

	/** The parent's destination for requests for a server socket. */
	public static final String LISTEN = PortSharing.LISTEN;

	private static final Log logger = LogFactory.getLog(WorkerSockets.class);

	private final List<SharedAcceptor> acceptors = new CopyOnWriteArrayList<>();

	private final ServerDeparture departure;

	private final Function<Object, Object> parent;

	private final IntConsumer joined;

	/**
	 * Create the worker's side.
	 * @param departure gets the acceptors
	 * @param registry where the parent's messages arrive
	 * @param parent calls the parent's {@value #LISTEN} with a request
	 * @param joined sends the number of a connector to the parent's
	 * {@value PortSharing#JOINED}; must not block
	 */
	public WorkerSockets(ServerDeparture departure, ListenerRegistry registry, Function<Object, Object> parent,
			IntConsumer joined) {
		this.departure = departure;
		this.parent = parent;
		this.joined = joined;
		registry.addUrgent(PortSharing.JOIN, this::join);
	}

	/**
	 * Return the type of the parent's answers.
	 * @return the class that an answer is read as
	 */
	public static Class<?> answerType() {
		return Listening.class;
	}

	@Override
	public SharedAcceptor create(Supplier<InetSocketAddress> address, IntSupplier backlog) {
		SharedAcceptor acceptor = new SharedAcceptor(this.acceptors.size(), (created) -> {
			Listening answer = (Listening) this.parent
				.apply(ListenRequest.of(created.index(), address.get(), backlog.getAsInt()));
			return ListenRequest.address(answer.host(), answer.port());
		});
		this.acceptors.add(acceptor);
		this.departure.add(acceptor);
		return acceptor;
	}

	private Object join(IpcMessage message) throws IOException {
		Invitation invitation = (Invitation) message.payload(Invitation.class);
		int connector = (invitation != null) ? invitation.connector() : -1;
		Handle handle = message.handle();
		if (handle == null || invitation == null || connector < 0 || connector >= this.acceptors.size()) {
			logger.warn("The parent offers a socket for connector %d, which does not exist".formatted(connector));
			return false;
		}
		SharedAcceptor acceptor = this.acceptors.get(connector);
		if (acceptor.serve(source(handle, invitation))) {
			if (logger.isInfoEnabled()) {
				logger.info("Serving " + acceptor.address());
			}
			this.joined.accept(connector);
		}
		return true;
	}

	private static ConnectionSource source(Handle handle, Invitation invitation) throws IOException {
		if (handle.kind() == HandleKind.UNIX_SOCKET) {
			return new HandedOverSource(HandleSocket.of(handle), invitation.limited());
		}
		Handle spare = Handle.share(handle);
		return new AcceptingSource(handle.as(ServerSocketChannel.class), spare);
	}

}
