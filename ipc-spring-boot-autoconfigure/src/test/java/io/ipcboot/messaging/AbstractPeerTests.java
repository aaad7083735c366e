package io.ipcboot.messaging;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * Base of tests with two peers in one JVM.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
abstract class AbstractPeerTests {

	PeerPair pair;

	@BeforeEach
	void open() throws Exception {
		this.pair = new PeerPair().start();
	}

	@AfterEach
	void close() {
		this.pair.close();
	}

}
