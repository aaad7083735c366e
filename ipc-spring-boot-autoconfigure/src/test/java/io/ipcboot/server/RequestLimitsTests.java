package io.ipcboot.server;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RequestLimitsTests {

	@Test
	void workersAreReplacedAfterTheirRequestsAndNotAllAtOnce() {
		Set<Integer> limits = new HashSet<>();
		for (int worker = 0; worker < 50; worker++) {
			limits.add(requestsUntilReplacement(100, 0.5));
		}
		assertThat(limits).hasSizeGreaterThan(5).allMatch((limit) -> limit >= 100 && limit <= 150);
	}

	@Test
	void withoutJitterTheNumberIsExact() {
		assertThat(requestsUntilReplacement(7, 0)).isEqualTo(7);
	}

	@Test
	void aWorkerAsksForItsReplacementOnce() {
		List<String> reasons = new ArrayList<>();
		RequestLimits limits = new RequestLimits(2, 0, null, reasons::add);
		for (int i = 0; i < 10; i++) {
			limits.begin("GET /").end();
		}
		assertThat(reasons).containsExactly("it has served 2 requests");
		assertThat(limits.inProgress()).isZero();
	}

	@Test
	void aRequestThatHasNotEndedDoesNotCount() {
		List<String> reasons = new ArrayList<>();
		RequestLimits limits = new RequestLimits(1, 0, null, reasons::add);
		RequestLimits.Request request = limits.begin("GET /slow");
		assertThat(reasons).isEmpty();
		assertThat(limits.inProgress()).isEqualTo(1);
		request.end();
		// as some servers do
		request.end();
		assertThat(reasons).hasSize(1);
		assertThat(limits.inProgress()).isZero();
	}

	private static int requestsUntilReplacement(long maxRequests, double jitter) {
		List<String> reasons = new ArrayList<>();
		RequestLimits limits = new RequestLimits(maxRequests, jitter, null, reasons::add);
		int served = 0;
		while (reasons.isEmpty()) {
			limits.begin("GET /").end();
			served++;
		}
		return served;
	}

}
