package io.ipcboot;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.ExchangeSender;
import io.ipcboot.messaging.Interceptors;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.messaging.PeerStatistics;
import io.ipcboot.messaging.RelayRoute;
import io.ipcboot.pool.PoolFailures;
import io.ipcboot.process.Hello;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The process that forked this one. Safe for use by several threads. A process that was
 * not forked also has a bean of this type, so that the same beans work in both roles, but
 * that bean has no parent to send to.
 */
public final class ParentProcess implements MessageOperations, ListenerOperations<ParentProcess> {

	private static @Nullable ParentProcess connected;

	private static @Nullable IOException failure;

	private final @Nullable ParentConnection connection;

	private volatile @Nullable ExchangeSender sender;

	private final Supplier<ExchangeSender> latestSender = this::sender;

	private ParentProcess(@Nullable ParentConnection connection) {
		this.connection = connection;
		if (connection != null) {
			this.sender = connection.sender();
			connection.peer().presentAs(this);
		}
	}

	/**
	 * Take over the channel that this process was forked with. For programs that are not
	 * Spring Boot applications, which have a bean of this type. Listeners get messages
	 * after {@link #ready()}. This JVM exits when the channel ends. Before any other exit
	 * it finishes what its listeners started and sends the messages that wait.
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

	/** Return the parent of this worker. */
	static ParentProcess connected() {
		try {
			return connect();
		}
		catch (IOException ex) {
			throw new IllegalStateException("This worker has no channel to its parent", ex);
		}
	}

	/**
	 * Return the pools of the parent by their names. This process sends to them through
	 * the parent. To be called after {@link #configure}, if that is called.
	 */
	Map<String, RelayedPool> pools() {
		Map<String, RelayedPool> pools = new LinkedHashMap<>();
		hello().pools().forEach((name, callTimeout) -> {
			RelayRoute route = new RelayRoute(connection().peer(), name, new PoolFailures(),
					hello().limits().sendTimeout());
			ExchangeSender relay = connection().sender(callTimeout, route);
			pools.put(name, new RelayedPool(route, () -> relay));
		});
		return pools;
	}

	/**
	 * Return the object that stands for the parent in a process without a parent.
	 * @return an object that is not connected
	 */
	public static ParentProcess none() {
		return new ParentProcess(null);
	}

	/**
	 * Return the identity and settings that the parent sent to this process.
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
	 * Return the identity by which the parent knows this process.
	 * @return pool, slot and process id
	 */
	public PeerId self() {
		return new PeerId(hello().pool(), connection().slot(), ProcessHandle.current().pid());
	}

	/**
	 * Return whether messages can be sent.
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
	 * Return the counters of the messages between this process and its parent.
	 * @return live counters
	 */
	public PeerStatistics statistics() {
		return connection().peer().statistics();
	}

	/**
	 * Return a future for the end of the channel, after which this JVM exits within a
	 * second.
	 * @return completes when the channel has ended
	 */
	public CompletableFuture<Void> onDisconnect() {
		return connection().closed().copy();
	}

	/**
	 * Return a future for the moment when this process begins to leave: its parent asked
	 * it to, {@link #leave} was called, or this JVM shuts down. Messages that were
	 * started go on meanwhile. The process waits for attached code that is not
	 * asynchronous.
	 * @return completes when this process takes no more messages
	 */
	public CompletableFuture<Void> onLeave() {
		return connection().departure().copy();
	}

	/**
	 * Keep the connection to the parent while this process leaves and still does
	 * something that may need the parent, for at most half of the time that the process
	 * has for leaving. To be called before {@link #ready()}.
	 * @param finished whether this process has finished; called by any thread
	 */
	public void finishFirst(BooleanSupplier finished) {
		connection().finishFirst(finished);
	}

	/**
	 * Replace the defaults that convert payloads and run listeners. To be called before
	 * {@link #ready()}.
	 * @param mapper converts values to JSON and back
	 * @param executor runs listeners that take several messages at a time
	 * @param interceptors are around what this process sends, and around its listeners
	 */
	public void configure(JsonMapper mapper, Executor executor, Interceptors interceptors) {
		connection().configure(mapper, executor, interceptors);
		this.sender = connection().sender();
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
	 * Stop taking messages, finish what was started, send the messages that wait, and say
	 * goodbye. Then the channel is closed, and this JVM has to end within its drain
	 * timeout, but has at least 20 seconds. If it was never ready, it has 5 seconds.
	 * @param reason what failed, or {@code null}
	 */
	public void leave(@Nullable String reason) {
		connection().leave(reason);
	}

	/**
	 * Return the listeners of this process.
	 * @return the registry
	 */
	public ListenerRegistry listeners() {
		return connection().listeners();
	}

	@Override
	public <T extends @Nullable Object> ParentProcess answer(String destination, Class<T> type,
			Function<T, @Nullable Object> listener) {
		listeners().add(destination, new CallbackListener<>(destination, type, listener));
		return this;
	}

	@Override
	public ParentProcess listen(Object handlers) {
		ListenerMethods.standalone().register(handlers, listeners());
		return this;
	}

	@Override
	public MessageSpec destination(String destination) {
		return new MessageSpec(this.latestSender, destination,
				connection().hello().acceptHandles() ? null
						: "The parent does not accept handles from this process; fork it with acceptHandles(), or set "
								+ "'ipc.pools.<name>.accept-handles=true'");
	}

	private ExchangeSender sender() {
		ExchangeSender current = this.sender;
		if (current == null) {
			throw new IllegalStateException("There is no channel to a parent");
		}
		return current;
	}

	private ParentConnection connection() {
		if (this.connection == null) {
			throw new IllegalStateException("This process was not forked by another one, so it has no parent");
		}
		return this.connection;
	}

	@Override
	public String toString() {
		return (this.connection != null) ? this.connection.peer().id().toString() : "no parent";
	}

}
