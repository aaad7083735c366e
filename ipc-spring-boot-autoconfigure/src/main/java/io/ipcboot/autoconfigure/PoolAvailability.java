package io.ipcboot.autoconfigure;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import io.ipcboot.PoolDegradedEvent;
import io.ipcboot.PoolRecoveredEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.AvailabilityState;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;

/**
 * Makes the application unavailable while pools that matter are degraded. Otherwise, its
 * availability is what the application itself says.
 */
class PoolAvailability implements SmartLifecycle {

	private final Map<String, OnDegraded> reactions;

	private final Reaction<ReadinessState> readiness;

	private final Reaction<LivenessState> liveness;

	private volatile boolean running;

	/**
	 * @param reactions what to do when a pool is degraded, by the names of the pools
	 */
	PoolAvailability(Map<String, OnDegraded> reactions, ApplicationEventPublisher publisher) {
		this.reactions = Map.copyOf(reactions);
		this.readiness = new Reaction<>(ReadinessState.ACCEPTING_TRAFFIC, ReadinessState.REFUSING_TRAFFIC, publisher);
		this.liveness = new Reaction<>(LivenessState.CORRECT, LivenessState.BROKEN, publisher);
	}

	@EventListener
	void degraded(PoolDegradedEvent event) {
		switch (this.reactions.getOrDefault(event.getPool(), OnDegraded.NONE)) {
			case REFUSE_TRAFFIC -> this.readiness.add(event.getPool());
			case BROKEN -> this.liveness.add(event.getPool());
			case NONE -> {
			}
		}
	}

	@EventListener
	void recovered(PoolRecoveredEvent event) {
		this.readiness.remove(Set.of(event.getPool()));
		this.liveness.remove(Set.of(event.getPool()));
	}

	@EventListener
	void changed(AvailabilityChangeEvent<?> event) {
		if (event.getState() instanceof ReadinessState state) {
			this.readiness.changed(event.getSource(), state);
		}
		else if (event.getState() instanceof LivenessState state) {
			this.liveness.changed(event.getSource(), state);
		}
	}

	/** Pools that start once more are not degraded. */
	@Override
	public void start() {
		this.readiness.remove(this.reactions.keySet());
		this.liveness.remove(this.reactions.keySet());
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/** Before the pools. */
	@Override
	public int getPhase() {
		return WorkerPoolLifecycle.PHASE - 1;
	}

	/**
	 * One kind of availability. All events are published in order, hence with the lock
	 * held.
	 *
	 * @param <S> the kind
	 */
	private static final class Reaction<S extends AvailabilityState> {

		private final Set<String> pools = new HashSet<>();

		private final S available;

		private final S unavailable;

		private final ApplicationEventPublisher publisher;

		/** What the application says. */
		private @Nullable AvailabilityState stated;

		Reaction(S available, S unavailable, ApplicationEventPublisher publisher) {
			this.available = available;
			this.unavailable = unavailable;
			this.publisher = publisher;
		}

		synchronized void add(String pool) {
			if (this.pools.add(pool) && this.pools.size() == 1) {
				publish(this.unavailable);
			}
		}

		synchronized void remove(Set<String> recovered) {
			if (this.pools.removeAll(recovered) && this.pools.isEmpty()) {
				publish(this.available);
			}
		}

		synchronized void changed(Object source, S state) {
			if (source == this) {
				return;
			}
			this.stated = state;
			if (!this.pools.isEmpty()) {
				publish(this.unavailable);
			}
		}

		/** Before the start and when it ends, the application is not available anyway. */
		private void publish(S state) {
			if (this.available.equals(this.stated)) {
				AvailabilityChangeEvent.publish(this.publisher, this, state);
			}
		}

	}

}
