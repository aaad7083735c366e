package io.ipcboot;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

import io.ipcboot.pool.Worker;
import io.ipcboot.server.PortObserver;

import org.springframework.context.ApplicationEvent;

/**
 * Publishes which workers accept connections.
 *
 * @param processes the workers as the application knows them
 * @param events receives the events
 */
record PortEvents(Map<Worker, ChildProcess> processes, Consumer<ApplicationEvent> events) implements PortObserver {

	@Override
	public void joined(Worker worker, InetSocketAddress address) {
		publish(worker, (child) -> new PortJoinedEvent(child, address));
	}

	@Override
	public void left(Worker worker, InetSocketAddress address) {
		publish(worker, (child) -> new PortLeftEvent(child, address));
	}

	private void publish(Worker worker, Function<ChildProcess, PortEvent> event) {
		ChildProcess child = this.processes.get(worker);
		if (child != null) {
			this.events.accept(event.apply(child));
		}
	}

}
