package io.ipcboot.messaging;

import java.time.Duration;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.ipcboot.channel.MessageTooLargeException;
import io.ipcboot.observation.IpcClientObservationInterceptor;
import io.ipcboot.observation.IpcListenerObservationInterceptor;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Every message that is observed is observed until its outcome is known, and the
 * observation of a listener is current wherever the listener's work is.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ObservationTests {

	private final ObservationRegistry registry = ObservationRegistry.create();

	private final Recorder recorder = new Recorder();

	private final List<IpcClientInterceptor> client = new CopyOnWriteArrayList<>();

	private PeerPair pair;

	@BeforeEach
	void open() throws Exception {
		this.registry.observationConfig().observationHandler(this.recorder);
		this.client.add(new IpcClientObservationInterceptor(this.registry, () -> null, null));
		List<IpcListenerInterceptor> listener = List
			.of(new IpcListenerObservationInterceptor(this.registry, () -> null, null));
		this.pair = new PeerPair(new Interceptors(() -> this.client, () -> listener)).start();
		this.pair.right.listeners.add("echo", (message) -> message.payload(Object.class));
		this.pair.right.listeners.add("fail", (message) -> {
			throw new IllegalStateException("broken");
		});
	}

	@AfterEach
	void close() {
		this.pair.close();
	}

	@Test
	void everyOutcomeIsObservedOnBothSides() {
		this.pair.left.call("echo", "x", String.class);
		assertObserved("echo call reply none", "echo handle reply none");
		this.pair.left.callAsync("echo", "x", String.class).join();
		assertObserved("echo call reply none", "echo handle reply none");
		this.pair.left.send("echo", "x").join();
		assertObserved("echo send none none", "echo handle none none");
		assertThatExceptionOfType(RemoteHandlerException.class)
			.isThrownBy(() -> this.pair.left.call("fail", null, String.class));
		assertObserved("fail call failure RemoteHandlerException", "fail handle failure IllegalStateException");
		this.pair.left.send("fail", "x").join();
		assertObserved("fail send none none", "fail handle failure IllegalStateException");
		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> this.pair.left.call("echo", "x", Integer.class));
		assertObserved("echo call failure PayloadConversionException", "echo handle reply none");
	}

	@Test
	void whatNoListenerGetsIsRefused() {
		assertThatExceptionOfType(NoListenerException.class)
			.isThrownBy(() -> this.pair.left.call("nobody", null, String.class));
		assertObserved("nobody call refused NoListenerException");
		byte[] large = new byte[32 * 1024 * 1024];
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> this.pair.left.call("echo", large, byte[].class));
		assertObserved("echo call refused MessageTooLargeException");
		this.client.add(new IpcClientInterceptor() {

			@Override
			public void beforeSend(OutgoingExchange exchange) {
				throw new IllegalStateException("not now");
			}

		});
		assertThatIllegalStateException().isThrownBy(() -> this.pair.left.send("echo", "x"));
		assertObserved("echo send refused IllegalStateException");
	}

	@Test
	void aSenderThatGivesUpEndsBothObservations() {
		List<CompletableFuture<?>> open = new CopyOnWriteArrayList<>();
		this.pair.right.listeners.add("never", (message) -> {
			CompletableFuture<?> reply = new CompletableFuture<>();
			open.add(reply);
			return reply;
		});
		OutgoingMessage brief = TestMessages.of("never", null, null, Map.of(), null, false, Duration.ofMillis(500));
		assertThatExceptionOfType(CallTimeoutException.class)
			.isThrownBy(() -> this.pair.left.sender.call(brief, String.class));
		// by then, the call has been at its listener
		this.pair.left.call("echo", "x", String.class);
		awaitStopped("never call timeout CallTimeoutException", "echo handle reply none");
		open.clear();
		this.recorder.forget();
		CompletableFuture<String> call = this.pair.left.callAsync("never", null, String.class);
		await(() -> !open.isEmpty());
		call.cancel(true);
		assertObserved("never call cancelled CancellationException", "never handle cancelled CancellationException");
		assertThat(open.get(0)).isCancelled();
	}

	@Test
	void aProcessThatIsGoneEndsBothObservations() {
		List<CompletableFuture<?>> open = new CopyOnWriteArrayList<>();
		this.pair.right.listeners.add("never", (message) -> {
			CompletableFuture<?> reply = new CompletableFuture<>();
			open.add(reply);
			return reply;
		});
		CompletableFuture<String> call = this.pair.left.callAsync("never", null, String.class);
		await(() -> !open.isEmpty());
		this.pair.right.peer.close();
		assertThat(call).failsWithin(Duration.ofSeconds(40));
		assertObserved("never call lost ChannelClosedException", "never handle cancelled CancellationException");
	}

	@Test
	void theObservationOfAListenerLastsUntilItsReplyIsThere() {
		CompletableFuture<Object> reply = new CompletableFuture<>();
		List<@Nullable Observation> current = Collections.synchronizedList(new ArrayList<>());
		this.pair.right.listeners.add("later", (message) -> {
			current.add(this.registry.getCurrentObservation());
			return reply;
		});
		this.pair.right.listeners.add("next", (message) -> {
			current.add(this.registry.getCurrentObservation());
			return null;
		});
		CompletableFuture<Map<String, String>> call = this.pair.left.callAsync("later", null, Map.class);
		this.pair.left.call("next", null, Void.class);
		assertObserved("next call reply none", "next handle reply none");
		assertThat(call).isNotDone();
		// the first one is current no more, although it goes on
		assertThat(current).hasSize(2).doesNotContainNull().doesNotHaveDuplicates();
		assertThat(current.get(1).getContext().getParentObservation()).isNull();
		reply.complete(new Witness(this.registry));
		assertThat(call.join()).containsEntry("destination", "later");
		assertThat(this.registry.getCurrentObservation()).isNull();
		assertObserved("later call reply none", "later handle reply none");
	}

	@Test
	void aReactiveReplyIsObservedToo() {
		Sinks.One<Object> reply = Sinks.one();
		AtomicInteger subscriptions = new AtomicInteger();
		List<@Nullable Observation> current = Collections.synchronizedList(new ArrayList<>());
		this.pair.right.listeners.add("reactive", (message) -> reply.asMono().doOnSubscribe((subscription) -> {
			subscriptions.incrementAndGet();
			current.add(this.registry.getCurrentObservation());
		}));
		this.pair.right.listeners.add("broken", (message) -> Mono.error(new IllegalArgumentException("no")));
		CompletableFuture<Map<String, String>> call = this.pair.left.callAsync("reactive", null, Map.class);
		await(() -> subscriptions.get() > 0);
		assertThat(this.recorder.stopped).isEmpty();
		reply.tryEmitValue(new Witness(this.registry)).orThrow();
		assertThat(call.join()).containsEntry("destination", "reactive");
		assertObserved("reactive call reply none", "reactive handle reply none");
		assertThat(subscriptions).hasValue(1);
		assertThat(current).hasSize(1).doesNotContainNull();
		assertThat(this.pair.left.callAsync("broken", null, String.class)).failsWithin(Duration.ofSeconds(40));
		assertObserved("broken call failure RemoteHandlerException", "broken handle failure IllegalArgumentException");
	}

	@Test
	void anObservationThatIsNotWantedCostsNothingMore() {
		this.registry.observationConfig()
			.observationPredicate((name, context) -> !"ipc.client".equals(name) && !"ipc.listener".equals(name));
		assertThat(this.pair.left.call("echo", "x", String.class)).isEqualTo("x");
		assertThat(this.recorder.started).hasValue(0);
	}

	/** Check what has ended, in any order, and forget it. */
	private void assertObserved(String... expected) {
		await(() -> this.recorder.stopped.size() >= expected.length);
		assertThat(this.recorder.stopped).containsExactlyInAnyOrder(expected);
		this.recorder.forget();
	}

	private void awaitStopped(String... expected) {
		await(() -> this.recorder.stopped.containsAll(List.of(expected))
				&& this.recorder.stopped.size() == this.recorder.started.get());
	}

	private static void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(40, TimeUnit.SECONDS).until(condition);
	}

	/**
	 * A reply that tells in which observation it is converted.
	 */
	private static final class Witness extends AbstractMap<String, String> {

		private final ObservationRegistry registry;

		Witness(ObservationRegistry registry) {
			this.registry = registry;
		}

		@Override
		public Set<Entry<String, String>> entrySet() {
			Observation current = this.registry.getCurrentObservation();
			KeyValue destination = (current != null)
					? current.getContext().getLowCardinalityKeyValue("messaging.destination.name") : null;
			return Map.of("destination", (destination != null) ? destination.getValue() : "none").entrySet();
		}

	}

	private static final class Recorder implements ObservationHandler<Observation.Context> {

		private final AtomicInteger started = new AtomicInteger();

		private final List<String> stopped = new CopyOnWriteArrayList<>();

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

		@Override
		public void onStart(Observation.Context context) {
			this.started.incrementAndGet();
		}

		@Override
		public void onStop(Observation.Context context) {
			Throwable error = context.getError();
			KeyValue outcome = context.getLowCardinalityKeyValue("outcome");
			this.stopped.add(context.getContextualName() + " " + ((outcome != null) ? outcome.getValue() : "") + " "
					+ ((error != null) ? error.getClass().getSimpleName() : KeyValue.NONE_VALUE));
		}

		void forget() {
			this.started.set(0);
			this.stopped.clear();
		}

	}

}
