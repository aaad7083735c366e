package io.ipcboot.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import io.ipcboot.ChildProcess;
import io.ipcboot.ForkOptions;
import io.ipcboot.MessageSpec;
import io.ipcboot.PoolEvent;
import io.ipcboot.PoolOperations;
import io.ipcboot.PoolOptions;
import io.ipcboot.StandaloneTemplate;
import io.ipcboot.WorkerEvent;
import io.ipcboot.WorkerExitedEvent;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.pool.LossCause;
import io.ipcboot.pool.PoolSettings;
import io.ipcboot.pool.PoolSnapshot;
import io.ipcboot.pool.WorkerState;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A pool under test, and the books of all its calls and dead workers.
 */
final class ObservedPool {

	private static final String NAME = "default";

	final AtomicInteger admitted = new AtomicInteger();

	final AtomicInteger completed = new AtomicInteger();

	final AtomicInteger failed = new AtomicInteger();

	final AtomicInteger cancelled = new AtomicInteger();

	private final List<LossCause> injected = new CopyOnWriteArrayList<>();

	private final Set<CompletableFuture<?>> open = ConcurrentHashMap.newKeySet();

	private final StandaloneTemplate processes;

	private final PoolSettings settings;

	ObservedPool(PoolSettings settings, ForkOptions fork, ChannelOptions limits) {
		this.settings = settings;
		this.processes = new StandaloneTemplate(limits, new PoolOptions(NAME, settings, fork));
	}

	void start() {
		this.processes.template().startPools();
	}

	void stop(Duration grace) {
		this.processes.template().stop(grace).join();
	}

	PoolSettings settings() {
		return this.settings;
	}

	/** The listeners for what the workers send. */
	ListenerRegistry listeners() {
		return this.processes.listeners;
	}

	PoolOperations operations() {
		return this.processes.template().pool(NAME);
	}

	MessageSpec destination(String destination) {
		return operations().destination(destination);
	}

	/** Make a call and keep the books. */
	<T> CompletableFuture<T> call(MessageSpec call, Class<T> replyType) {
		CompletableFuture<T> outcome = call.callAsync(replyType);
		this.admitted.incrementAndGet();
		this.open.add(outcome);
		outcome.whenComplete((reply, ex) -> {
			AtomicInteger count = (ex == null) ? this.completed
					: (ex instanceof CancellationException) ? this.cancelled : this.failed;
			count.incrementAndGet();
			this.open.remove(outcome);
		});
		return outcome;
	}

	<T> CompletableFuture<T> call(String destination, @Nullable Object message, Class<T> replyType) {
		return call(destination(destination).message(message), replyType);
	}

	/** Make a call and wait for its reply. */
	<T> T ask(String destination, @Nullable Object message, Class<T> replyType) {
		return call(destination, message, replyType).join();
	}

	Set<CompletableFuture<?>> openCalls() {
		return this.open;
	}

	/** Say of what workers are going to die. */
	void expectDeaths(LossCause... causes) {
		this.injected.addAll(List.of(causes));
	}

	List<LossCause> injected() {
		return this.injected;
	}

	/** What has killed the workers so far; those that were told to leave are not dead. */
	List<LossCause> deaths() {
		return exits().stream().map(WorkerExitedEvent::getCause).filter(Objects::nonNull).toList();
	}

	List<WorkerExitedEvent> exits() {
		return events(WorkerExitedEvent.class);
	}

	<E extends WorkerEvent> List<E> events(Class<E> type) {
		return this.processes.events.stream().filter(type::isInstance).map(type::cast).toList();
	}

	<E extends PoolEvent> List<E> poolEvents(Class<E> type) {
		return this.processes.poolEvents.stream().filter(type::isInstance).map(type::cast).toList();
	}

	/** How many workers there were at a time at most. */
	int mostAtATime() {
		int most = 0;
		int now = 0;
		for (WorkerEvent event : this.processes.events) {
			now += (event.getState() == WorkerState.STARTING) ? 1 : (event.getState() == WorkerState.EXITED) ? -1 : 0;
			most = Math.max(most, now);
		}
		return most;
	}

	PoolSnapshot snapshot() {
		return operations().snapshot().join();
	}

	/** The process ids of the workers that serve, in the order of their slots. */
	List<Long> pids() {
		return snapshot().slots()
			.stream()
			.filter((slot) -> slot.state() == WorkerState.READY)
			.map(PoolSnapshot.SlotSnapshot::pid)
			.toList();
	}

	ChildProcess worker(long pid) {
		return this.processes.events.stream()
			.map(WorkerEvent::getProcess)
			.filter((process) -> process.pid() == pid)
			.findFirst()
			.orElseThrow(() -> new AssertionError("no worker " + pid + " among "
					+ this.processes.events.stream()
						.map((event) -> event.getProcess().pid())
						.collect(Collectors.toSet())));
	}

	/** The worker of the first slot. */
	ChildProcess worker() {
		return worker(pids().get(0));
	}

	void awaitPrinted(ChildProcess worker, String text) {
		StandaloneTemplate.awaitPrinted(worker, text);
	}

	/** Wait until all slots have a worker again, and none of these. */
	void awaitReplaced(Long... pids) {
		Awaitility.await().atMost(Invariants.PATIENCE).until(() -> {
			List<Long> now = new ArrayList<>(pids());
			return now.size() == this.settings.size() && !now.removeAll(List.of(pids));
		});
	}

}
