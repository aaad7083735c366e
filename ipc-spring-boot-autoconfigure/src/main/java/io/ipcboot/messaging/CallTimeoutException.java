package io.ipcboot.messaging;

import java.time.Duration;

import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * A call had no outcome within its time. If a listener had started it, the listener was
 * asked to cancel; what it has done by then is done.
 */
public class CallTimeoutException extends IpcException {

	public CallTimeoutException(@Nullable PeerId peer, String destination, Duration timeout) {
		super(peer, "no reply from '%s' within %,d ms".formatted(destination, timeout.toMillis()));
	}

}
