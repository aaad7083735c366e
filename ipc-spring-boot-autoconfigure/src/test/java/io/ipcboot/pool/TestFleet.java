package io.ipcboot.pool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.Exchange;
import io.ipcboot.messaging.ScriptedExchange;
import org.jspecify.annotations.Nullable;

/**
 * All members that a pool has started.
 */
final class TestFleet implements Member.Fleet {

	final List<TestMember> started = new ArrayList<>();

	/** What was sent, in order. */
	final List<Sent> sent = new ArrayList<>();

	private final Map<Exchange, ScriptedExchange> exchanges = new HashMap<>();

	private final TestLoop loop;

	/** Whether messages of a dead member are settled before the supervisor reacts. */
	boolean settlesFirst;

	/** What happens instead of a start. */
	@Nullable RuntimeException refusal;

	TestFleet(TestLoop loop) {
		this.loop = loop;
	}

	@Override
	public Member start(int slot, Consumer<Member.Event> events) {
		if (this.refusal != null) {
			throw this.refusal;
		}
		TestMember member = new TestMember(this, slot, 1000 + this.started.size(), events);
		this.started.add(member);
		return member;
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

	List<TestMember> alive() {
		return this.started.stream().filter(TestMember::isAlive).toList();
	}

	/** Return those that do not serve yet. */
	List<TestMember> starting() {
		return alive().stream().filter((member) -> !member.isReady() && member.draining == null).toList();
	}

	/** Return those that serve or wait as spares. */
	List<TestMember> serving() {
		return alive().stream().filter((member) -> member.isReady() && member.draining == null).toList();
	}

	List<TestMember> leaving() {
		return alive().stream().filter((member) -> member.draining != null).toList();
	}

	/** Return the one that serves in a slot. */
	TestMember at(int slot) {
		return serving().stream().filter((member) -> member.slot() == slot).findFirst().orElseThrow();
	}

	/** Return the one that has got a message and not finished it. */
	TestMember holderOf(ScriptedExchange exchange) {
		return alive().stream().filter((member) -> member.inbox.contains(exchange)).findFirst().orElseThrow();
	}

	record Sent(TestMember member, ScriptedExchange exchange) {

	}

}
