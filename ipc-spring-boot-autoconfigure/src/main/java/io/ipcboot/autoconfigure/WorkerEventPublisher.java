package io.ipcboot.autoconfigure;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes worker events in order, on a thread of their own: they come from threads that
 * must not wait for listeners.
 */
class WorkerEventPublisher implements Consumer<ApplicationEvent>, DisposableBean {

	private final ApplicationEventPublisher publisher;

	private final ThreadPoolExecutor executor;

	WorkerEventPublisher(ApplicationEventPublisher publisher) {
		this.publisher = publisher;
		this.executor = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), (task) -> {
			Thread thread = new Thread(task, "ipc-events");
			thread.setDaemon(true);
			return thread;
		});
		this.executor.allowCoreThreadTimeOut(true);
	}

	@Override
	public void accept(ApplicationEvent event) {
		this.executor.execute(() -> this.publisher.publishEvent(event));
	}

	@Override
	public void destroy() {
		this.executor.shutdown();
	}

}
