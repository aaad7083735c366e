package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import io.ipcboot.channel.PeerId;
import io.ipcboot.channel.UntrustedText;
import io.ipcboot.pool.PoolSnapshot.SlotSnapshot;
import io.ipcboot.process.ProcessExit;
import org.jspecify.annotations.Nullable;

/**
 * A place for a worker in a pool. The number of the slot stays, its workers come and go.
 * Used by the supervisor's loop only.
 */
final class Slot {

	private static final int EXITS_KEPT = 5;

	/** How the last workers ended, the latest first. */
	private final Deque<Ended> exits = new ArrayDeque<>(EXITS_KEPT);

	/** What the last worker that ended printed last. */
	private List<String> lastLines = List.of();

	final int number;

	/** The worker that serves, or that starts to fill the slot. */
	@Nullable PoolEntry entry;

	/** The worker that starts to replace the one that serves. */
	@Nullable PoolEntry successor;

	/** How many workers in a row died before they had lived long enough. */
	int deaths;

	/** Whether the pool does without the slot. */
	boolean removed;

	/** How the last worker ended, in words. */
	@Nullable String lastExit;

	Slot(int number) {
		this.number = number;
	}

	/** Remember how a worker of the slot ended. */
	void ended(WorkerExit exit, long now) {
		this.lastExit = exit.problem();
		if (this.exits.size() == EXITS_KEPT) {
			this.exits.removeLast();
		}
		ProcessExit process = exit.process();
		this.exits.addFirst(new Ended(now, (process != null) ? process.pid() : -1, exit.cause(), exit.describe(),
				(process != null) ? process.uptime() : Duration.ZERO));
		this.lastLines = (process != null) ? UntrustedText.end(process.lastLines()) : List.of();
	}

	private List<PoolSnapshot.Exit> exits(long now) {
		return this.exits.stream()
			.map((ended) -> new PoolSnapshot.Exit(Duration.ofNanos(now - ended.time), ended.pid, ended.cause,
					ended.description, ended.uptime))
			.toList();
	}

	/** Return whether the worker of the slot became ready. */
	boolean isServed() {
		return this.entry != null && this.entry.load != null;
	}

	/** Return the worker whose process runs, if there is one. */
	@Nullable PeerId occupant() {
		return (this.entry != null && this.entry.worker != null) ? this.entry.worker.id() : null;
	}

	String describe() {
		PeerId occupant = occupant();
		return (occupant != null) ? occupant.toString() : "slot " + this.number;
	}

	SlotSnapshot snapshot(PoolRouter router, long now) {
		PooledWorker worker = (this.entry != null) ? this.entry.worker : null;
		if (this.entry == null || worker == null) {
			return new SlotSnapshot(this.number, null, -1, Duration.ZERO, 0, 0, 0, 0, this.deaths, this.lastExit,
					List.of(), exits(now), this.lastLines);
		}
		RecyclePolicy.Usage usage = this.entry.usage(now);
		PooledWorker.Memory memory = worker.memory();
		List<PoolSnapshot.Work> work = (this.entry.load != null) ? router.work(this.entry.load) : List.of();
		int inFlight = (this.entry.load != null) ? router.outstanding(this.entry.load) : 0;
		return new SlotSnapshot(this.number, this.entry.state(), worker.id().pid(), usage.age(), usage.calls(),
				inFlight, memory.resident(), memory.heapAfterCollection(), this.deaths, this.lastExit, work, exits(now),
				this.lastLines);
	}

	/** The end of a worker, and when that was. */
	private record Ended(long time, long pid, @Nullable LossCause cause, String description, Duration uptime) {

	}

}
