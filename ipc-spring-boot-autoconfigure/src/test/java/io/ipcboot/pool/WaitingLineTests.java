package io.ipcboot.pool;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.ipcboot.messaging.Exchange;
import io.ipcboot.messaging.ExchangeOwner;
import io.ipcboot.messaging.ScriptedExchange;
import io.ipcboot.pool.WaitingLine.Lane;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for who is next among those that wait.
 */
class WaitingLineTests {

	private final WaitingLine line = new WaitingLine(3, Long.MAX_VALUE,
			(call) -> new Lane(call.destination(), call.key()));

	private long position;

	@Test
	void theFirstIsServedFirstWhateverItsLane() {
		Exchange a = offered("a");
		Exchange b = offered("b");
		Exchange a2 = offered("a");
		assertThat(served()).containsExactly(a, b, a2);
		assertThat(this.line.isEmpty()).isTrue();
		assertThat(this.line.isBehind(a)).isFalse();
	}

	@Test
	void whoeverCannotBeServedHoldsUpItsOwnLaneOnly() {
		offered("a");
		offered("a");
		Exchange b = offered("b");
		Set<Exchange> asked = new HashSet<>();
		assertThat(this.line.serve((call) -> asked.add(call) && "b".equals(call.key()))).isSameAs(b);
		assertThat(asked).hasSize(2);
		assertThat(this.line.size()).isEqualTo(2);
	}

	@Test
	void whatIsGivenBackTakesItsOldPlaceAndNeedsNoRoom() {
		Exchange first = offered("a");
		Exchange second = offered("a");
		Exchange third = offered("a");
		assertThat(this.line.serve((call) -> true)).isSameAs(first);
		assertThat(this.line.serve((call) -> true)).isSameAs(second);
		Exchange fourth = offered("b");
		offered("b");
		this.line.add(second);
		this.line.add(first);
		assertThat(this.line.size()).isEqualTo(5);
		assertThat(served().subList(0, 4)).containsExactly(first, second, third, fourth);
	}

	@Test
	void whoeverIsDoneIsPassedOver() {
		offered("a").fail(new IllegalStateException());
		Exchange next = offered("a");
		assertThat(served()).containsExactly(next);
		assertThat(this.line.isEmpty()).isTrue();
	}

	@Test
	void whoeverIsDoneMakesRoom() {
		offered("a");
		offered("a").fail(new IllegalStateException());
		offered("a");
		assertThat(this.line.offer(call("a"), 0)).isTrue();
		assertThat(this.line.offer(call("a"), 0)).isFalse();
	}

	@Test
	void placesOfWorkersMakeRoomForAsManyOfALaneOnly() {
		offered("a");
		offered("a");
		offered("a");
		assertThat(this.line.offer(call("b"), 2)).isTrue();
		assertThat(this.line.offer(call("b"), 2)).isTrue();
		assertThat(this.line.offer(call("b"), 2)).isFalse();
		assertThat(this.line.offer(call("a"), 2)).isFalse();
	}

	@Test
	void oneThatIsNotThereIsNotRemoved() {
		Exchange waiting = offered("a");
		Exchange other = call("a");
		assertThat(this.line.remove(other)).isFalse();
		assertThat(this.line.remove(waiting)).isTrue();
		assertThat(this.line.remove(waiting)).isFalse();
		assertThat(this.line.size()).isZero();
	}

	private Exchange offered(String key) {
		Exchange call = call(key);
		assertThat(this.line.offer(call, 0)).isTrue();
		return call;
	}

	private Exchange call(String key) {
		Exchange call = ScriptedExchange.call("payload", key, false, ExchangeOwner.NONE).exchange();
		call.takePosition(++this.position);
		return call;
	}

	private List<Exchange> served() {
		List<Exchange> served = new ArrayList<>();
		Exchange next;
		while ((next = this.line.serve((call) -> true)) != null) {
			served.add(next);
		}
		return served;
	}

}
