package io.ipcboot.autoconfigure;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes worker events in order, on a thread of its own: events come from threads that
 * must not wait for event listeners.
 */
class WorkerEventPublisher implements Consumer<ApplicationEvent>, DisposableBean {

	private static final Log logger = LogFactory.getLog(WorkerEventPublisher.class);

	private final ApplicationEventPublisher publisher;

	private final ThreadPoolExecutor executor;

	WorkerEventPublisher(ApplicationEventPublisher publisher) {
		this.publisher = publisher;
		this.executor = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), (task) -> {
			Thread thread = new Thread(task, "ipc-events");
			thread.setDaemon(true);
			return thread;
		}, new ThreadPoolExecutor.DiscardPolicy());
		// now, as events are also published when no thread can be started any more
		this.executor.prestartCoreThread();
	}

	/** Publish an event, unless the context has ended. */
	@Override
	public void accept(ApplicationEvent event) {
		this.executor.execute(() -> publish(event));
	}

	private void publish(ApplicationEvent event) {
		try {
			this.publisher.publishEvent(event);
		}
		catch (Throwable ex) {
			logger.error("A listener of the event '" + event + "' failed", ex);
		}
	}

	@Override
	public void destroy() {
		this.executor.shutdown();
	}

}
