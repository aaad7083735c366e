package io.ipcboot.scenario;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.ipcboot.ProcessTest;
import io.ipcboot.StandaloneTemplate;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.RandomFrames;
import io.ipcboot.channel.WireFrame;
import io.ipcboot.handle.HandleSocket;
import io.ipcboot.process.ChildEnvironment;
import io.ipcboot.process.ForkedProcess;
import io.ipcboot.process.Hello;
import io.ipcboot.process.ProcessOutput;
import io.ipcboot.process.ProcessSpec;
import io.ipcboot.process.Signal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Processes at both ends of a channel outlast, or end in order, whatever frames the other
 * one sends.
 */
@ProcessTest
class RandomFramesTests {

	private static final int SEEDS = Integer.getInteger("tests.seeds", 6);

	@RegisterExtension
	final Invariants invariants = new Invariants();

	@Test
	void aParentOutlastsItsWorkers() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(2),
				this.invariants.mark(StandaloneTemplate.child(RawWorker.class).output(ProcessOutput.DISCARD)));
		for (int seed = 1; seed <= SEEDS; seed++) {
			CompletableFuture<String> senseless = pool.call("frames", Integer.toString(seed), String.class);
			CompletableFuture<String> other = pool.call("echo", "x", String.class);
			assertThat(senseless.handle((reply, ex) -> "an outcome")).as("seed %d", seed)
				.succeedsWithin(Invariants.PATIENCE);
			assertThat(other.handle((reply, ex) -> "an outcome")).as("seed %d", seed)
				.succeedsWithin(Invariants.PATIENCE);
		}
		pool.deaths().forEach(pool::expectDeaths);
	}

	@Test
	void aWorkerEndsWithItsParent() throws Exception {
		for (int seed = 1; seed <= SEEDS; seed++) {
			ForkedProcess worker = ForkedProcess.start(worker());
			HandleSocket socket = Objects.requireNonNull(worker.socket());
			try {
				write(socket, hello(), new RandomFrames(seed, List.of("echo", "connection", "nobody")));
			}
			catch (IOException ex) {
				// it has had enough
			}
			finally {
				socket.close();
			}
			assertThat(worker.onExit()).as("seed %d", seed).succeedsWithin(Invariants.PATIENCE);
			worker.onRemoved().get(10, TimeUnit.SECONDS);
		}
	}

	private static void write(HandleSocket socket, byte[] hello, RandomFrames frames) throws IOException {
		socket.write(hello, 0, hello.length);
		for (int i = 0; i < RawWorker.SENSELESS; i++) {
			byte[] bytes = frames.nextBytes();
			socket.write(bytes, 0, bytes.length);
		}
	}

	private static byte[] hello() {
		Hello hello = new Hello("default", 0, ProcessHandle.current().pid(), ChannelOptions.DEFAULT,
				Duration.ofSeconds(30), Duration.ofSeconds(20), 1, false, Map.of(), List.of(), Map.of());
		Frame frame = hello.toFrame(null);
		return WireFrame.of(frame).bytes();
	}

	private static ProcessSpec worker() {
		return new ProcessSpec(List.of(StandaloneTemplate.javaCommand(ScenarioWorker.class)), true, null, List.of(),
				new ChildEnvironment(List.of("PATH"), Map.of()), null, ProcessOutput.DISCARD, true, null, Signal.KILL,
				Duration.ofSeconds(20), null);
	}

}
