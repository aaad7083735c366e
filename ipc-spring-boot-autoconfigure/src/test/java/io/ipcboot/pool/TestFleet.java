package io.ipcboot.pool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.Exchange;
import io.ipcboot.messaging.ScriptedExchange;
import org.jspecify.annotations.Nullable;

/**
 * All workers that a pool has started.
 */
final class TestFleet implements WorkerStarter.Source {

	final List<TestWorker> started = new ArrayList<>();

	/** What was sent, in order. */
	final List<Sent> sent = new ArrayList<>();

	private final Map<Exchange, ScriptedExchange> exchanges = new HashMap<>();

	private final TestLoop loop;

	/** What happens instead of a start. */
	@Nullable RuntimeException refusal;

	TestFleet(TestLoop loop) {
		this.loop = loop;
	}

	@Override
	public PooledWorker start(int slot, BiConsumer<PooledWorker, WorkerState> states) {
		if (this.refusal != null) {
			throw this.refusal;
		}
		TestWorker worker = new TestWorker(this, slot, 1000 + this.started.size(), states);
		this.started.add(worker);
		return worker;
	}

	static WorkerStartException noProcess() {
		return new WorkerStartException(PeerId.process(-1), "the process could not be forked", null);
	}

	void run() {
		this.loop.run();
	}

	void add(ScriptedExchange exchange) {
		this.exchanges.put(exchange.exchange(), exchange);
	}

	ScriptedExchange scripted(Exchange exchange) {
		return this.exchanges.get(exchange);
	}

	List<TestWorker> alive() {
		return this.started.stream().filter(TestWorker::isAlive).toList();
	}

	/** Return those that do not serve yet. */
	List<TestWorker> starting() {
		return alive().stream().filter((worker) -> !worker.isReady() && worker.draining == null).toList();
	}

	/** Return those that serve or wait as spares. */
	List<TestWorker> serving() {
		return alive().stream().filter((worker) -> worker.isReady() && worker.draining == null).toList();
	}

	List<TestWorker> leaving() {
		return alive().stream().filter((worker) -> worker.draining != null).toList();
	}

	/** Return the one that serves in a slot. */
	TestWorker at(int slot) {
		return serving().stream().filter((worker) -> worker.slot() == slot).findFirst().orElseThrow();
	}

	/** Return the one that has got a message and not finished it. */
	TestWorker holderOf(ScriptedExchange exchange) {
		return alive().stream().filter((worker) -> worker.inbox.contains(exchange)).findFirst().orElseThrow();
	}

	record Sent(TestWorker worker, ScriptedExchange exchange) {

	}

}
