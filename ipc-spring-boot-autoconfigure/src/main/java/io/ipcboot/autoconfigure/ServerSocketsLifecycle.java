package io.ipcboot.autoconfigure;

import java.io.IOException;
import java.net.BindException;

import io.ipcboot.server.AddressInUseException;

import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.WebServerException;
import org.springframework.context.SmartLifecycle;

/**
 * Opens or closes the parent's server sockets at a given point of start-up and shutdown.
 */
class ServerSocketsLifecycle implements SmartLifecycle {

	private final int phase;

	private final PortOpener opener;

	private final Runnable closing;

	private volatile boolean running;

	ServerSocketsLifecycle(int phase, PortOpener opener, Runnable closing) {
		this.phase = phase;
		this.opener = opener;
		this.closing = closing;
	}

	@Override
	public void start() {
		try {
			this.opener.open();
			this.running = true;
		}
		catch (AddressInUseException ex) {
			throw new PortInUseException(ex.port(), ex);
		}
		catch (BindException ex) {
			throw new WebServerException("Unable to listen: " + ex.getMessage(), ex);
		}
		catch (IOException ex) {
			throw new WebServerException("Unable to listen", ex);
		}
	}

	@Override
	public void stop() {
		this.closing.run();
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
		return this.phase;
	}

	interface PortOpener {

		void open() throws IOException;

	}

}
