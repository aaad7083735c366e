package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.ipcboot.messaging.Exchange;
import io.ipcboot.messaging.ScriptedExchange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for who is next among those that wait.
 */
class WaitingQueueTests {

	private final TestLoop loop = new TestLoop();

	private final WaitingQueue queue = queue();

	private long position;

	private boolean timed;

	@Test
	void theFirstIsServedFirstWhateverItsLane() {
		Exchange a = offered("a");
		Exchange b = offered("b");
		Exchange a2 = offered("a");
		assertThat(served()).containsExactly(a, b, a2);
		assertThat(this.queue.isEmpty()).isTrue();
		assertThat(this.queue.isBehind(a)).isFalse();
	}

	@Test
	void whoeverCannotBeServedHoldsUpItsOwnLaneOnly() {
		offered("a");
		offered("a");
		Exchange b = offered("b");
		Set<Exchange> asked = new HashSet<>();
		assertThat(this.queue.<Exchange>serve((call) -> (asked.add(call) && "b".equals(call.key())) ? call : null))
			.isSameAs(b);
		assertThat(asked).hasSize(2);
		assertThat(this.queue.size()).isEqualTo(2);
	}

	@Test
	void whatIsRequeuedTakesItsOldPlaceAndNeedsNoRoom() {
		Exchange first = offered("a");
		Exchange second = offered("a");
		Exchange third = offered("a");
		assertThat(this.queue.<Exchange>serve((call) -> call)).isSameAs(first);
		assertThat(this.queue.<Exchange>serve((call) -> call)).isSameAs(second);
		Exchange fourth = offered("b");
		offered("b");
		this.queue.requeue(second);
		this.queue.requeue(first);
		assertThat(this.queue.size()).isEqualTo(5);
		assertThat(served().subList(0, 4)).containsExactly(first, second, third, fourth);
	}

	@Test
	void whoeverIsDoneIsPassedOver() {
		offered("a").fail(new IllegalStateException());
		Exchange next = offered("a");
		assertThat(served()).containsExactly(next);
		assertThat(this.queue.isEmpty()).isTrue();
	}

	@Test
	void whoeverIsDoneMakesRoom() {
		offered("a");
		offered("a").fail(new IllegalStateException());
		offered("a");
		assertThat(this.queue.offer(call("a"), 0)).isTrue();
		assertThat(this.queue.offer(call("a"), 0)).isFalse();
	}

	@Test
	void whoeverIsPassedOverLeavesNoAlarm() {
		offered("a").fail(new IllegalStateException());
		offered("a");
		served();
		assertNoAlarmIsLeft();
	}

	@Test
	void whoeverMakesRoomLeavesNoAlarm() {
		offered("a");
		offered("a").fail(new IllegalStateException());
		offered("a");
		offered("a");
		served();
		assertNoAlarmIsLeft();
	}

	@Test
	void nobodyLeavesAnAlarmWhenNothingWaitsAnyMore() {
		offered("a");
		Exchange done = offered("b");
		done.fail(new IllegalStateException());
		assertThat(this.queue.clear()).hasSize(2);
		assertNoAlarmIsLeft();
	}

	@Test
	void howLongOneWaitsIsForgottenWithIt() {
		assertThat(this.queue.timeOf(offered("a"))).isNull();
		served();
		this.timed = true;
		Exchange first = offered("a");
		Exchange second = offered("b");
		this.loop.advance(Duration.ofSeconds(1));
		assertThat(this.queue.timeOf(first)).isEqualTo(Duration.ofSeconds(1));
		assertThat(served()).containsExactly(first, second);
		assertThat(this.queue.timeOf(first)).isNull();
		assertThat(this.queue.offer(first, 0)).isTrue();
		assertThat(this.queue.clear()).hasSize(1);
		assertThat(this.queue.timeOf(first)).isNull();
	}

	private void assertNoAlarmIsLeft() {
		assertThat(this.queue.isEmpty()).isTrue();
		assertThat(this.loop.isIdle()).as("no alarm is left").isTrue();
	}

	@Test
	void placesOfWorkersMakeRoomForAsManyOfALaneOnly() {
		offered("a");
		offered("a");
		offered("a");
		assertThat(this.queue.offer(call("b"), 2)).isTrue();
		assertThat(this.queue.offer(call("b"), 2)).isTrue();
		assertThat(this.queue.offer(call("b"), 2)).isFalse();
		assertThat(this.queue.offer(call("a"), 2)).isFalse();
	}

	@Test
	void whatIsPassedOnForOneProcessLeavesHalfOfTheRoom() {
		Object process = new Object();
		Exchange first = callFor(process);
		assertThat(this.queue.offer(first, 0)).isTrue();
		assertThat(this.queue.offer(callFor(process), 0)).isTrue();
		assertThat(this.queue.offer(callFor(process), 0)).isFalse();
		assertThat(this.queue.remove(first)).isTrue();
		assertThat(this.queue.offer(callFor(process), 0)).isTrue();
		assertThat(this.queue.offer(callFor(process), 0)).isFalse();
		assertThat(this.queue.offer(callFor(new Object()), 0)).isTrue();
		assertThat(served()).hasSize(3);
		assertThat(this.queue.offer(callFor(process), 0)).isTrue();
	}

	private Exchange callFor(Object process) {
		Exchange call = ScriptedExchange.callFor(process, (exchange) -> {
		}).exchange();
		call.takePosition(++this.position);
		return call;
	}

	@Test
	void oneThatIsNotThereIsNotRemoved() {
		Exchange waiting = offered("a");
		Exchange other = call("a");
		assertThat(this.queue.remove(other)).isFalse();
		assertThat(this.queue.remove(waiting)).isTrue();
		assertThat(this.queue.remove(waiting)).isFalse();
		assertThat(this.queue.size()).isZero();
	}

	private WaitingQueue queue() {
		TestSettings settings = new TestSettings();
		settings.queueCapacity = 3;
		settings.queueTimeout = Duration.ofHours(1);
		settings.balancing = Balancing.BY_KEY;
		return new WaitingQueue(settings.build(), this.loop, (exchange) -> {
		}, () -> this.timed);
	}

	private Exchange offered(String key) {
		Exchange call = call(key);
		assertThat(this.queue.offer(call, 0)).isTrue();
		return call;
	}

	private Exchange call(String key) {
		Exchange call = ScriptedExchange.call("payload", key, false, (exchange) -> {
		}).exchange();
		call.takePosition(++this.position);
		return call;
	}

	private List<Exchange> served() {
		List<Exchange> served = new ArrayList<>();
		Exchange next;
		while ((next = this.queue.serve((call) -> call)) != null) {
			served.add(next);
		}
		return served;
	}

}
