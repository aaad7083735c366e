package io.ipcboot.docs.guide.supervision;

import java.util.HashSet;
import java.util.Set;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.docs.guide.GuideApplication;
import io.ipcboot.pool.PoolSnapshot;
import io.ipcboot.pool.PoolState;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The statements and samples of the page "Supervision".
 */
@Tag("process")
@Timeout(120)
@SpringBootTest(classes = GuideApplication.class, properties = { "ipc.pools.dictionary.size=2",
		"ipc.pools.dictionary.balancing=by-key", "ipc.pools.dictionary.jvm-args=-XX:TieredStopAtLevel=1" })
class SupervisionTests {

	@Autowired
	private Tenants tenants;

	@Autowired
	private Operator operator;

	@Autowired
	private ChildProcessTemplate workers;

	@Test
	void equalKeysMeetInTheSameWorker() {
		Set<Long> pids = new HashSet<>();
		for (int tenant = 0; tenant < 20; tenant++) {
			long first = this.tenants.lookUp("tenant-" + tenant, "a");
			assertThat(this.tenants.lookUp("tenant-" + tenant, "b")).isEqualTo(first);
			pids.add(first);
		}
		assertThat(pids).hasSize(2);
	}

	@Test
	void aPoolIsMaintained() {
		this.operator.maintain();
		Awaitility.await().untilAsserted(() -> {
			PoolSnapshot now = this.workers.pool("dictionary").snapshot().join();
			assertThat(now.state()).isEqualTo(PoolState.RUNNING);
			assertThat(now.slots()).hasSize(3).allMatch((slot) -> slot.pid() > 0);
		});
		assertThat(this.tenants.lookUpAgainIfNecessary("x")).isPositive();
	}

}
