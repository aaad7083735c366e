package io.ipcboot.autoconfigure;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.ipcboot.channel.Background;
import io.ipcboot.server.ServerDeparture;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.SmartLifecycle;

/**
 * Lets this process leave the port before the graceful shutdown of the web server, which
 * would close connections that clients are about to use.
 */
class ServerDepartureLifecycle implements SmartLifecycle {

	/** Just above the web server's graceful shutdown. */
	static final int PHASE = Integer.MAX_VALUE - 1000;

	private static final Log logger = LogFactory.getLog(ServerDepartureLifecycle.class);

	private final ServerDeparture departure;

	private final Duration patience;

	private final Runnable beforeLeaving;

	private volatile boolean running;

	ServerDepartureLifecycle(ServerDeparture departure, Duration patience, Runnable beforeLeaving) {
		this.departure = departure;
		this.patience = patience;
		this.beforeLeaving = beforeLeaving;
	}

	@Override
	public void start() {
		this.departure.cancel();
		this.running = true;
	}

	@Override
	public void stop(Runnable callback) {
		Background.EXECUTOR.execute(() -> {
			try {
				stop();
			}
			finally {
				callback.run();
			}
		});
	}

	@Override
	public void stop() {
		this.beforeLeaving.run();
		int open = this.departure.leave(this.patience);
		if (open > 0) {
			logger.info("%d connections have made no request within %,d ms and are left to the web server's shutdown"
				.formatted(open, TimeUnit.MILLISECONDS.convert(this.patience)));
		}
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
