package io.ipcboot;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.Exchanges;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.messaging.OutgoingMessage;
import io.ipcboot.messaging.PeerStatistics;
import io.ipcboot.process.Hello;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The process that has forked this one. Safe for use by several threads. In a process
 * that was not forked there is a bean of this type too, so that the same beans work in
 * both roles, but it can reach nobody.
 */
public final class ParentProcess implements MessageOperations {

	private static @Nullable ParentProcess connected;

	private static @Nullable IOException failure;

	private final @Nullable ParentConnection connection;

	private volatile @Nullable Exchanges exchanges;

	private ParentProcess(@Nullable ParentConnection connection) {
		this.connection = connection;
		if (connection != null) {
			this.exchanges = connection.exchanges();
			connection.peer().presentAs(this);
		}
	}

	/**
	 * Take over the channel that this process was forked with. For programs that are no
	 * Spring Boot applications; those find a bean of this type. Listeners get messages
	 * after {@link #ready()}. This JVM exits when the channel ends, and when it exits by
	 * itself it first finishes what its listeners have started and sends what waits.
	 * @return the parent; the same object for every call
	 * @throws IOException if this process was not forked with a channel, or the parent
	 * speaks another version of the protocol
	 */
	public static synchronized ParentProcess connect() throws IOException {
		if (failure != null) {
			throw new IOException(failure.getMessage(), failure);
		}
		if (connected == null) {
			try {
				connected = new ParentProcess(ParentConnection.open());
			}
			catch (IOException ex) {
				failure = ex;
				throw ex;
			}
		}
		return connected;
	}

	/**
	 * Return what stands for the parent in a process that has none.
	 * @return an object that is not connected
	 */
	public static ParentProcess none() {
		return new ParentProcess(null);
	}

	/**
	 * Return what the parent has said about this process.
	 * @return pool, slot, limits, profiles and properties
	 */
	public Hello hello() {
		return connection().hello();
	}

	/**
	 * Return the parent's process id.
	 * @return the pid, or -1 if it is not known
	 */
	public long pid() {
		return connection().peer().id().pid();
	}

	/**
	 * Return who this process is to its parent.
	 * @return pool, slot and process id
	 */
	public PeerId self() {
		return new PeerId(hello().pool(), connection().slot(), ProcessHandle.current().pid());
	}

	/**
	 * Whether messages can be sent.
	 * @return {@code false} if there is no parent, or the channel has ended
	 */
	public boolean isConnected() {
		return this.connection != null && this.connection.peer().isConnected();
	}

	@Override
	public boolean isWritable() {
		return this.connection != null && this.connection.peer().channel().isWritable();
	}

	/**
	 * Return what was counted of the messages between this process and its parent.
	 * @return live counters
	 */
	public PeerStatistics statistics() {
		return connection().peer().statistics();
	}

	/**
	 * Return when the channel ends. This JVM exits then too, within a second.
	 * @return completes when the channel has ended
	 */
	public CompletableFuture<Void> onDisconnect() {
		return connection().closed().copy();
	}

	/**
	 * Return when this process begins to leave, because its parent or somebody else has
	 * told it to. What it has started goes on meanwhile; it waits for code that is
	 * attached and not asynchronous.
	 * @return completes when this process takes no more messages
	 */
	public CompletableFuture<Void> onLeave() {
		return connection().departure().copy();
	}

	/**
	 * Keep the connection to the parent for a while when this process leaves, as long as
	 * it still does something that may need the parent: at most half of the time that it
	 * has. To be called before {@link #ready()}.
	 * @param finished whether it has finished; asked by any thread
	 */
	public void finishFirst(BooleanSupplier finished) {
		connection().finishFirst(finished);
	}

	/**
	 * Use other means than the defaults to convert payloads and to run listeners. To be
	 * called before {@link #ready()}.
	 * @param mapper how values look as JSON
	 * @param executor runs listeners that take several messages at a time
	 */
	public void configure(JsonMapper mapper, Executor executor) {
		connection().configure(mapper, executor);
		this.exchanges = connection().exchanges();
	}

	/**
	 * Tell the parent that this process takes messages, and begin with those that have
	 * arrived. From now on this JVM runs until the channel ends or it {@linkplain #leave
	 * leaves}, even if its main method returns.
	 */
	public void ready() {
		connection().ready();
	}

	/**
	 * Stop taking messages, finish what was started, send what waits, and say goodbye.
	 * The channel is closed then, and this JVM has to end within 20 seconds, or the time
	 * that its parent gives it when it tells it to leave.
	 * @param reason why, if it is because something failed
	 */
	public void leave(@Nullable String reason) {
		connection().leave((reason != null) ? Map.of("reason", reason) : Map.of());
	}

	/**
	 * Return the listeners of this process.
	 * @return the registry
	 */
	public ListenerRegistry listeners() {
		return connection().listeners();
	}

	/**
	 * Listen to one-way messages and events of the parent.
	 * @param destination the destination
	 * @param type the type of the payload, or a type of socket, channel or stream for the
	 * handle
	 * @param listener gets the payload or handle; a handle is then its own
	 * @param <T> the type of the payload
	 * @return this object
	 */
	public <T extends @Nullable Object> ParentProcess listen(String destination, Class<T> type, Consumer<T> listener) {
		return answer(destination, type, (payload) -> {
			listener.accept(payload);
			return null;
		});
	}

	/**
	 * Answer calls of the parent.
	 * @param destination the destination
	 * @param type the type of the payload, or of the handle
	 * @param listener returns the reply
	 * @param <T> the type of the payload
	 * @return this object
	 */
	public <T extends @Nullable Object> ParentProcess answer(String destination, Class<T> type,
			Function<T, @Nullable Object> listener) {
		listeners().add(destination, new CallbackListener<>(destination, type, listener));
		return this;
	}

	/**
	 * Listen with all methods of an object that are annotated {@link IpcListener}. In a
	 * Spring Boot application the methods of beans listen anyway.
	 * @param handlers the object
	 * @return this object
	 */
	public ParentProcess listen(Object handlers) {
		ListenerMethods.standalone().register(handlers, listeners());
		return this;
	}

	/**
	 * Listen to messages that were sent without a destination.
	 * @param type the type of the payload
	 * @param listener gets the payload
	 * @param <T> the type of the payload
	 * @return this object
	 */
	public <T extends @Nullable Object> ParentProcess onMessage(Class<T> type, Consumer<T> listener) {
		return listen(OutgoingMessage.DEFAULT_DESTINATION, type, listener);
	}

	@Override
	public MessageSpec destination(String destination) {
		connection();
		Exchanges current = this.exchanges;
		if (current == null) {
			throw new IllegalStateException("There is no channel to a parent");
		}
		return new MessageSpec(current, destination,
				connection().hello().acceptHandles() ? null
						: "The parent does not take handles from this process; fork it with acceptHandles(), or set "
								+ "'ipc.pools.<name>.accept-handles=true'");
	}

	private ParentConnection connection() {
		if (this.connection == null) {
			throw new IllegalStateException(
					"This process was not forked by another one, so it has no parent to talk to");
		}
		return this.connection;
	}

	@Override
	public String toString() {
		return (this.connection != null) ? this.connection.peer().id().toString() : "no parent";
	}

}
