package io.ipcboot.pool;

import java.time.Duration;
import java.util.function.IntConsumer;

import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.messaging.PayloadConverter;
import io.ipcboot.messaging.PeerOptions;
import io.ipcboot.process.Hello;
import io.ipcboot.process.ProcessSpec;

/**
 * Everything that is needed to start a worker.
 *
 * @param process the process, which has a channel
 * @param hello the first frame
 * @param options how this side behaves
 * @param converter converts payloads
 * @param listeners the listeners of this side
 * @param readyTimeout how long the worker's application may take to start
 * @param killGrace how long the worker may take to begin to leave after it got the kill
 * signal
 * @param acceptHandles whether the worker may send handles to this process
 * @param assigned gets the slot when a spare is assigned one
 */
public record WorkerSpec(ProcessSpec process, Hello hello, PeerOptions options, PayloadConverter converter,
		ListenerRegistry listeners, Duration readyTimeout, Duration killGrace, boolean acceptHandles,
		IntConsumer assigned) {

}
