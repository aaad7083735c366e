package io.ipcboot.compatibility.tracing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.ipcboot.compatibility.ApplicationTests;
import io.ipcboot.compatibility.Mode;
import io.ipcboot.compatibility.ProcessFacts;
import io.ipcboot.compatibility.RunningApplication;
import io.ipcboot.observation.IpcObservationDocumentation;
import io.micrometer.common.docs.KeyName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Messages and calls are part of the trace of the request that they are sent for, in
 * every process.
 */
class TracingApplicationTests extends ApplicationTests {

	private RunningApplication application;

	@Test
	void aTraceGoesThroughAllProcesses() throws Exception {
		try (RunningApplication started = start(TracingApplication.class, Mode.POOL,
				"--management.endpoints.web.exposure.include=metrics", "--management.tracing.sampling.probability=1",
				"--ipc.pools.default.retry.mode=idempotent")) {
			this.application = started;
			long parent = started.facts().parent().pid();
			List<Long> workers = started.facts().workers().stream().map(ProcessFacts::pid).toList();
			nestedCallsAreInOneTrace(parent, workers);
			aOneWayMessageIsInTheTraceToo(parent);
			aReplyThatComesLaterIsInTheTraceToo();
			outcomesAreTold();
			aRepeatedCallIsOneSpan(workers);
			theMetersHaveTheKeysOfTheGuide();
		}
	}

	private void nestedCallsAreInOneTrace(long parent, List<Long> workers) {
		// what each listener's log would show
		List<String> logged = List.of(this.application.get("/call/order").split(" "));
		String trace = logged.get(0);
		assertThat(logged).hasSize(3).containsOnly(trace);
		List<FinishedSpan> spans = await(9, (span) -> span.traceId().equals(trace));
		FinishedSpan request = named(spans, "http get /call/{destination}");
		FinishedSpan order = chain(spans, request, "order call", "order handle");
		chain(spans, order, "price call", "price handle");
		chain(spans, order, "stock call", "stock handle");
		chain(spans, order, "note send", "note handle");
		assertThat(
				List.of(request, named(spans, "order call"), named(spans, "price handle"), named(spans, "note handle")))
			.extracting(FinishedSpan::pid)
			.containsOnly(parent);
		long first = order.pid();
		assertThat(List.of(named(spans, "price call"), named(spans, "stock call"), named(spans, "note send")))
			.extracting(FinishedSpan::pid)
			.containsOnly(first);
		// the first worker is busy
		long second = named(spans, "stock handle").pid();
		assertThat(List.of(first, second)).containsExactlyInAnyOrderElementsOf(workers);
		assertWorker(first, named(spans, "order call"), order, named(spans, "price call"), named(spans, "price handle"),
				named(spans, "note send"), named(spans, "note handle"));
		assertWorker(second, named(spans, "stock call"), named(spans, "stock handle"));
		assertThat(spans).filteredOn((span) -> span.name().endsWith(" call"))
			.allSatisfy((span) -> assertKeys(span, IpcObservationDocumentation.CLIENT, "CLIENT"));
		assertThat(spans).filteredOn((span) -> span.name().endsWith(" send"))
			.allSatisfy((span) -> assertKeys(span, IpcObservationDocumentation.CLIENT, "PRODUCER"));
		assertThat(spans).filteredOn((span) -> span.name().endsWith(" handle") && !span.name().startsWith("note"))
			.allSatisfy((span) -> assertKeys(span, IpcObservationDocumentation.LISTENER, "SERVER"));
		assertKeys(named(spans, "note handle"), IpcObservationDocumentation.LISTENER, "CONSUMER");
		assertThat(named(spans, "order call").tags()).containsEntry("messaging.system", "ipc")
			.containsEntry("messaging.operation", "call")
			.containsEntry("messaging.destination.name", "order")
			.containsEntry("outcome", "reply")
			.containsEntry("ipc.attempt", "1");
		assertThat(named(spans, "note send").tags()).containsEntry("outcome", "none");
	}

	private void aOneWayMessageIsInTheTraceToo(long parent) {
		assertThat(this.application.get("/send/stock")).isEqualTo("sent");
		List<FinishedSpan> sent = await(1, (span) -> span.name().equals("stock send"));
		String trace = sent.get(0).traceId();
		List<FinishedSpan> spans = await(3, (span) -> span.traceId().equals(trace));
		FinishedSpan handled = chain(spans, named(spans, "http get /send/{destination}"), "stock send", "stock handle");
		assertKeys(handled, IpcObservationDocumentation.LISTENER, "CONSUMER");
		assertThat(sent.get(0).pid()).isEqualTo(parent);
		assertThat(handled.pid()).isNotEqualTo(parent);
	}

	private void aReplyThatComesLaterIsInTheTraceToo() {
		String trace = this.application.get("/call/later").split(" ")[0];
		List<FinishedSpan> spans = await(3, (span) -> span.traceId().equals(trace));
		FinishedSpan handled = chain(spans, named(spans, "http get /call/{destination}"), "later call", "later handle");
		assertThat(handled.tags()).containsEntry("outcome", "reply");
	}

	private void outcomesAreTold() {
		assertThat(this.application.get("/call/fail")).isEqualTo("RemoteHandlerException");
		assertOutcome("fail call", "failure");
		assertOutcome("fail handle", "failure");
		assertThat(this.application.get("/call/never?millis=200")).isEqualTo("CallTimeoutException");
		assertOutcome("never call", "timeout");
		assertOutcome("never handle", "cancelled");
		assertThat(this.application.get("/call/nobody")).isEqualTo("NoListenerException");
		assertOutcome("nobody call", "refused");
	}

	private void assertOutcome(String name, String outcome) {
		FinishedSpan span = await(1, (each) -> each.name().equals(name)).get(0);
		assertThat(span.tags()).containsEntry("outcome", outcome).containsKey("error");
	}

	private void aRepeatedCallIsOneSpan(List<Long> workers) {
		this.application.expectExits(1);
		String trace = this.application.get("/call/die-once");
		// the first worker had no time to report its span
		List<FinishedSpan> spans = await(3, (span) -> span.traceId().equals(trace));
		FinishedSpan handled = chain(spans, named(spans, "http get /call/{destination}"), "die-once call",
				"die-once handle");
		FinishedSpan call = named(spans, "die-once call");
		assertThat(call.tags()).containsEntry("outcome", "reply")
			.containsEntry("ipc.attempt", "2")
			.containsEntry("ipc.pid", String.valueOf(handled.pid()));
		assertThat(call.events()).hasSize(2).allMatch((event) -> event.startsWith("given to worker default/"));
		assertThat(call.events().get(0))
			.contains(String.valueOf(workers.stream().filter((pid) -> pid != handled.pid()).findAny().orElseThrow()));
		assertThat(call.events().get(1)).contains(String.valueOf(handled.pid()));
		this.application.await("two workers", () -> assertThat(this.application.facts().workers()).hasSize(2));
	}

	private void theMetersHaveTheKeysOfTheGuide() {
		Set<String> keys = new TreeSet<>(names(IpcObservationDocumentation.CLIENT.getLowCardinalityKeyNames()));
		assertThat(tags("ipc.client.active")).isEqualTo(keys);
		assertThat(tags("ipc.client.attempt")).isEqualTo(keys);
		// this one comes from Micrometer itself
		keys.add("error");
		assertThat(tags("ipc.client")).isEqualTo(keys);
		assertThat(tags("ipc.listener")).isEqualTo(keys);
	}

	private Set<String> tags(String meter) {
		JsonNode tags = JsonMapper.shared()
			.readTree(this.application.get("/actuator/metrics/" + meter))
			.at("/availableTags");
		Set<String> names = new TreeSet<>();
		StreamSupport.stream(tags.spliterator(), false).forEach((tag) -> names.add(tag.at("/tag").asString()));
		return names;
	}

	/** The worker is named in the same way at both ends. */
	private static void assertWorker(long pid, FinishedSpan... spans) {
		String slot = spans[0].tags().get("ipc.slot");
		assertThat(slot).isIn("0", "1");
		assertThat(spans).allSatisfy((span) -> assertThat(span.tags()).containsEntry("ipc.pool", "default")
			.containsEntry("ipc.slot", slot)
			.containsEntry("ipc.pid", String.valueOf(pid)));
	}

	private static void assertKeys(FinishedSpan span, IpcObservationDocumentation observation, String kind) {
		assertThat(span.kind()).isEqualTo(kind);
		assertThat(span.tags().keySet()).containsExactlyInAnyOrderElementsOf(Stream
			.of(names(observation.getLowCardinalityKeyNames()), names(observation.getHighCardinalityKeyNames()))
			.flatMap(Collection::stream)
			.toList());
	}

	private static List<String> names(KeyName[] keys) {
		return Stream.of(keys).map(KeyName::asString).toList();
	}

	/** Return the last of some spans, each of which is part of the one before. */
	private static FinishedSpan chain(List<FinishedSpan> spans, FinishedSpan root, String... names) {
		FinishedSpan last = root;
		for (String name : names) {
			FinishedSpan next = named(spans, name);
			assertThat(next.parentId()).as(name).isEqualTo(last.id());
			last = next;
		}
		return last;
	}

	private static FinishedSpan named(List<FinishedSpan> spans, String name) {
		assertThat(spans).filteredOn((span) -> span.name().equals(name)).as(name).hasSize(1);
		return spans.stream().filter((span) -> span.name().equals(name)).findAny().orElseThrow();
	}

	/** Spans are reported after the response is there. */
	private List<FinishedSpan> await(int number, Predicate<FinishedSpan> wanted) {
		this.application.await("spans", () -> assertThat(spans()).filteredOn(wanted).hasSize(number));
		return spans().stream().filter(wanted).toList();
	}

	private List<FinishedSpan> spans() {
		try {
			return Files.readAllLines(this.directory.resolve(SpanFile.NAME))
				.stream()
				.map((line) -> JsonMapper.shared().readValue(line, FinishedSpan.class))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
