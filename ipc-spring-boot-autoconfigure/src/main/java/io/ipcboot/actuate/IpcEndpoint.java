package io.ipcboot.actuate;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import io.ipcboot.ChildProcessOperations;
import io.ipcboot.PoolOperations;
import io.ipcboot.pool.PoolSnapshot;
import io.ipcboot.pool.PoolSnapshot.Exit;
import io.ipcboot.pool.PoolSnapshot.QuarantinedMessage;
import io.ipcboot.pool.PoolSnapshot.RestartProgress;
import io.ipcboot.pool.PoolSnapshot.SlotSnapshot;
import io.ipcboot.pool.PoolSnapshot.Work;
import io.ipcboot.pool.PoolState;
import io.ipcboot.pool.RollingRestartResult;
import io.ipcboot.pool.WorkerState;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.context.ApplicationEventPublisher;

/**
 * {@link Endpoint @Endpoint} to see the pools of the application and to act on them.
 * Reading is allowed by default, and shows no environment, argument, property or payload,
 * and output of a worker only to those who may see it. Acting needs
 * {@code management.endpoint.ipc.access=unrestricted}; each action is published as an
 * audit event.
 */
@Endpoint(id = "ipc", defaultAccess = Access.READ_ONLY)
public class IpcEndpoint {

	private static final List<String> ACTIONS = List.of("restart", "resize", "drain", "recycle", "kill", "release");

	private final ChildProcessOperations processes;

	private final PoolSnapshots snapshots;

	private final WorkerOutput output;

	private final Access access;

	private final Duration timeout;

	private final ApplicationEventPublisher events;

	/**
	 * Create the endpoint.
	 * @param processes has the pools
	 * @param snapshots the pools at this moment
	 * @param output which output of workers is shown
	 * @param access what the endpoint permits
	 * @param timeout how long an action may take before the answer says that it is still
	 * under way
	 * @param events publishes the audit events
	 */
	public IpcEndpoint(ChildProcessOperations processes, PoolSnapshots snapshots, WorkerOutput output, Access access,
			Duration timeout, ApplicationEventPublisher events) {
		this.processes = processes;
		this.snapshots = snapshots;
		this.output = output;
		this.access = access;
		this.timeout = timeout;
		this.events = events;
	}

	/**
	 * Return all pools.
	 * @return the pools by name
	 */
	@ReadOperation
	public PoolsDescriptor pools() {
		Map<String, PoolDescriptor> pools = new LinkedHashMap<>();
		for (String name : this.snapshots.pools()) {
			PoolDescriptor pool = pool(name);
			if (pool != null) {
				pools.put(name, pool);
			}
		}
		return new PoolsDescriptor(pools, (this.access == Access.UNRESTRICTED) ? ACTIONS : List.of());
	}

	/**
	 * Return one pool.
	 * @param pool the name of the pool
	 * @return the pool, or {@code null} if there is no such pool
	 */
	@ReadOperation
	public @Nullable PoolDescriptor pool(@Selector String pool) {
		PoolSnapshot snapshot = this.snapshots.pools().contains(pool) ? this.snapshots.current(pool) : null;
		return (snapshot != null) ? PoolDescriptor.of(snapshot) : null;
	}

	/**
	 * Return one slot of a pool.
	 * @param pool the name of the pool
	 * @param slot the number of the slot
	 * @param caller who asks
	 * @return the slot, with output if the caller may see it, or {@code null} if there is
	 * no such slot
	 */
	@ReadOperation
	public @Nullable SlotDescriptor slot(@Selector String pool, @Selector int slot, SecurityContext caller) {
		SlotSnapshot found = find(pool, slot);
		if (found == null) {
			return null;
		}
		return SlotDescriptor.of(found, this.output.isShownTo(caller) ? this.output.sanitize(found.lastLines()) : null);
	}

	private @Nullable SlotSnapshot find(String pool, int slot) {
		PoolSnapshot snapshot = this.snapshots.pools().contains(pool) ? this.snapshots.current(pool) : null;
		return (snapshot == null) ? null
				: snapshot.slots().stream().filter((each) -> each.slot() == slot).findFirst().orElse(null);
	}

	/**
	 * Let a worker print its threads, and wait for them.
	 * @return what the worker has printed, or {@code null} if there is no such worker
	 * @throws ExecutionException if the worker cannot be asked
	 * @throws TimeoutException if it does not print its threads in time
	 */
	@Nullable String threads(String pool, int slot) throws ExecutionException, TimeoutException, InterruptedException {
		PoolOperations operations = operations(pool);
		String threads = (operations != null)
				? operations.printThreads(slot).get(this.timeout.toMillis(), TimeUnit.MILLISECONDS) : null;
		return (threads != null) ? String.join("\n", this.output.sanitize(threads.lines().toList())) + "\n" : null;
	}

	boolean showsOutputTo(SecurityContext caller) {
		return this.output.isShownTo(caller);
	}

	/**
	 * Act on a pool.
	 * @param pool the name of the pool
	 * @param action {@code restart} or {@code resize}
	 * @param size the number of workers, to resize the pool
	 * @param caller who asks
	 * @return what became of it, or {@code null} if there is no such pool
	 */
	@WriteOperation
	public @Nullable ActionDescriptor changePool(@Selector String pool, String action, @Nullable Integer size,
			SecurityContext caller) {
		PoolOperations operations = operations(pool);
		if (operations == null) {
			return null;
		}
		return switch (action) {
			case "restart" -> act(pool, null, action, caller, operations.restart(),
					(result) -> (result.complete() ? Outcome.DONE : Outcome.FAILED), (result) -> describe(result));
			case "resize" -> {
				if (size == null || size < 0) {
					throw new InvalidEndpointRequestException("'resize' needs a 'size' of 0 or more", "no valid size");
				}
				yield act(pool, null, action + " to " + size, caller, operations.resize(size),
						(nothing) -> Outcome.DONE, (nothing) -> null);
			}
			default -> throw unknown(action, "restart, resize");
		};
	}

	/**
	 * Act on one worker.
	 * @param pool the name of the pool
	 * @param slot the number of its slot
	 * @param action {@code drain}, {@code recycle} or {@code kill}
	 * @param caller who asks
	 * @return what became of it, or {@code null} if there is no such pool
	 */
	@WriteOperation
	public @Nullable ActionDescriptor changeWorker(@Selector String pool, @Selector int slot, String action,
			SecurityContext caller) {
		PoolOperations operations = operations(pool);
		if (operations == null) {
			return null;
		}
		CompletableFuture<Boolean> result = switch (action) {
			case "drain" -> operations.drain(slot);
			case "recycle" -> operations.recycle(slot, "an operator asked for it");
			case "kill" -> operations.kill(slot);
			default -> throw unknown(action, "drain, recycle, kill");
		};
		return act(pool, slot, action, caller, result, (found) -> found ? Outcome.DONE : Outcome.NOT_FOUND,
				(found) -> found ? null : "There is no worker in slot " + slot);
	}

	/**
	 * Release a message from quarantine.
	 * @param pool the name of the pool
	 * @param quarantine the word {@code quarantine}
	 * @param id the id of the entry
	 * @param caller who asks
	 * @return what became of it, or {@code null} if there is no such pool
	 */
	@DeleteOperation
	public @Nullable ActionDescriptor release(@Selector String pool, @Selector String quarantine, @Selector String id,
			SecurityContext caller) {
		PoolOperations operations = "quarantine".equals(quarantine) ? operations(pool) : null;
		if (operations == null) {
			return null;
		}
		return act(pool, null, "release " + id, caller, CompletableFuture.completedFuture(operations.release(id)),
				(found) -> found ? Outcome.DONE : Outcome.NOT_FOUND,
				(found) -> found ? null : "There is no such entry in quarantine");
	}

	private @Nullable PoolOperations operations(String pool) {
		return this.processes.pools().contains(pool) ? this.processes.pool(pool) : null;
	}

	private static InvalidEndpointRequestException unknown(String action, String known) {
		return new InvalidEndpointRequestException(
				"There is no action '%s'; there are %s".formatted(firstLine(action), known), "unknown action");
	}

	/** Wait for an action for a limited time, and report it. */
	private <T> ActionDescriptor act(String pool, @Nullable Integer slot, String action, SecurityContext caller,
			CompletableFuture<T> result, Function<T, Outcome> outcome, Function<T, @Nullable String> detail) {
		ActionDescriptor descriptor;
		try {
			T value = result.get(this.timeout.toMillis(), TimeUnit.MILLISECONDS);
			descriptor = new ActionDescriptor(pool, slot, action, outcome.apply(value), detail.apply(value));
		}
		catch (TimeoutException ex) {
			descriptor = new ActionDescriptor(pool, slot, action, Outcome.UNDER_WAY, null);
		}
		catch (ExecutionException ex) {
			descriptor = new ActionDescriptor(pool, slot, action, Outcome.FAILED,
					firstLine(String.valueOf(ex.getCause())));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			descriptor = new ActionDescriptor(pool, slot, action, Outcome.UNDER_WAY, null);
		}
		String principal = (caller.getPrincipal() != null) ? caller.getPrincipal().getName() : "";
		this.events.publishEvent(new AuditApplicationEvent(new AuditEvent(principal, "IPC_ACTION", Map.of("pool", pool,
				"slot", (slot != null) ? slot : "", "action", action, "outcome", descriptor.outcome()))));
		return descriptor;
	}

	private static @Nullable String describe(RollingRestartResult result) {
		return result.steps()
			.stream()
			.filter((step) -> step.failure() != null)
			.findFirst()
			.map((step) -> "slot " + step.slot() + ": " + firstLine(String.valueOf(step.failure())))
			.orElse(null);
	}

	/** Leave out what a worker has printed. */
	static String firstLine(String text) {
		return text.lines().findFirst().orElse("");
	}

	/**
	 * What became of an action.
	 */
	public enum Outcome {

		/** It has been done. */
		DONE,

		/** It goes on, and the answer does not wait for its end. */
		UNDER_WAY,

		/** It has failed. */
		FAILED,

		/** There is no such worker or entry. */
		NOT_FOUND

	}

	/**
	 * The pools of the application.
	 *
	 * @param pools the pools by name
	 * @param actions the actions that the endpoint permits
	 */
	public record PoolsDescriptor(Map<String, PoolDescriptor> pools,
			List<String> actions) implements OperationResponseBody {

	}

	/**
	 * A pool.
	 *
	 * @param state what the pool is doing
	 * @param degraded why the pool is degraded, or {@code null}
	 * @param size the number of slots
	 * @param ready how many workers take messages
	 * @param busy how many of them have a message or call
	 * @param spares how many workers wait to take over a slot
	 * @param waiting how many messages and calls wait for a worker
	 * @param queueCapacity how many messages and calls may wait
	 * @param refused how many were refused because too many waited
	 * @param slots the slots
	 * @param quarantine the messages that are refused
	 * @param restart how far a rolling restart has come, or {@code null} if none is under
	 * way
	 */
	public record PoolDescriptor(PoolState state, @Nullable String degraded, int size, int ready, int busy, int spares,
			int waiting, int queueCapacity, long refused, List<SlotDescriptor> slots,
			List<QuarantineDescriptor> quarantine, @Nullable RestartProgress restart) implements OperationResponseBody {

		static PoolDescriptor of(PoolSnapshot pool) {
			return new PoolDescriptor(pool.state(), (pool.degradation() != null) ? firstLine(pool.degradation()) : null,
					pool.slots().size(), PoolLoad.ready(pool), PoolLoad.busy(pool), pool.spares(), pool.waiting(),
					pool.queueCapacity(), pool.refused(),
					pool.slots().stream().map((slot) -> SlotDescriptor.of(slot, null)).toList(),
					pool.quarantine().stream().map(QuarantineDescriptor::of).toList(), pool.restart());
		}

	}

	/**
	 * A slot of a pool, and its worker.
	 *
	 * @param slot the number of the slot
	 * @param state the state of the worker, or {@code null} if there is none
	 * @param pid the process id, or {@code null}
	 * @param uptime how long the worker has been ready
	 * @param served how many messages and calls the worker is done with
	 * @param inFlight how many messages and calls the worker has
	 * @param residentMemory the resident memory, in bytes
	 * @param heapAfterCollection how much of the heap survived a collection, in bytes
	 * @param deaths how many workers of the slot died in a row
	 * @param lastExit how the last worker ended
	 * @param work what the worker has, what it has had longest first; at most ten
	 * @param exits how the last workers of the slot ended, the latest first
	 * @param lastLines what the last worker that ended printed last, or {@code null} if
	 * that is not shown
	 */
	public record SlotDescriptor(int slot, @Nullable WorkerState state, @Nullable Long pid, Duration uptime,
			long served, int inFlight, long residentMemory, long heapAfterCollection, int deaths,
			@Nullable String lastExit, List<Work> work, List<ExitDescriptor> exits,
			@Nullable List<String> lastLines) implements OperationResponseBody {

		static SlotDescriptor of(SlotSnapshot slot, @Nullable List<String> lastLines) {
			return new SlotDescriptor(slot.slot(), slot.state(), (slot.pid() > 0) ? slot.pid() : null, slot.uptime(),
					slot.served(), slot.inFlight(), slot.resident(), slot.heapAfterCollection(), slot.deaths(),
					(slot.lastExit() != null) ? firstLine(slot.lastExit()) : null, slot.work(),
					slot.exits().stream().map(ExitDescriptor::of).toList(), lastLines);
		}

	}

	/**
	 * The end of a worker.
	 *
	 * @param ago how long ago it ended
	 * @param pid its process id, or {@code null} if the process could not be forked
	 * @param cause why it died, or {@code LEFT}
	 * @param description how it ended, in a few words
	 * @param uptime how long the process ran
	 */
	public record ExitDescriptor(Duration ago, @Nullable Long pid, String cause, String description, Duration uptime) {

		static ExitDescriptor of(Exit exit) {
			return new ExitDescriptor(exit.ago(), (exit.pid() > 0) ? exit.pid() : null,
					(exit.cause() != null) ? exit.cause().name() : "LEFT", firstLine(exit.description()),
					exit.uptime());
		}

	}

	/**
	 * A message that is refused.
	 *
	 * @param id identifies the entry
	 * @param destination the destination of the message
	 * @param deaths how many workers died while they had the message
	 * @param remaining how long the message is still refused
	 */
	public record QuarantineDescriptor(String id, String destination, int deaths, Duration remaining) {

		static QuarantineDescriptor of(QuarantinedMessage message) {
			return new QuarantineDescriptor(message.id(), message.destination(), message.deaths(), message.remaining());
		}

	}

	/**
	 * What became of an action.
	 *
	 * @param pool the name of the pool
	 * @param slot the number of the slot, or {@code null} for the whole pool
	 * @param action the action
	 * @param outcome what became of it
	 * @param detail why it failed, or {@code null}
	 */
	public record ActionDescriptor(String pool, @Nullable Integer slot, String action, Outcome outcome,
			@Nullable String detail) implements OperationResponseBody {

	}

}
