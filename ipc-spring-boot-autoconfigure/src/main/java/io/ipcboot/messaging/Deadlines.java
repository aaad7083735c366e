package io.ipcboot.messaging;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Ends exchanges whose time is over. One thread watches; what it has to tell is told by
 * others, as code that the application has attached may block.
 */
final class Deadlines {

	private static final ScheduledThreadPoolExecutor TIMER = new ScheduledThreadPoolExecutor(1,
			daemon("ipc-deadlines"));

	private static final Executor EXPIRED = Executors.newCachedThreadPool(daemon("ipc-expired"));

	static {
		TIMER.setRemoveOnCancelPolicy(true);
	}

	private Deadlines() {
	}

	static void watch(Exchange exchange) {
		long remaining = exchange.remaining();
		if (remaining != 0) {
			Future<?> alarm = TIMER.schedule(() -> EXPIRED.execute(exchange::timeOut), remaining, TimeUnit.NANOSECONDS);
			exchange.outcome().whenComplete((payload, ex) -> alarm.cancel(false));
		}
	}

	private static ThreadFactory daemon(String name) {
		return (task) -> {
			Thread thread = new Thread(task, name);
			thread.setDaemon(true);
			return thread;
		};
	}

}
