package io.ipcboot.handle;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class StandardInputTests {

	@Test
	void onlyAUnixDomainSocketIsTaken() throws Exception {
		assertThat(TestJvm.run(WorkerMain.class)).contains("Standard input is not a Unix-domain socket");
	}

	@Test
	void theApplicationGetsAnEmptyStandardInputAfterItWasTaken() throws IOException {
		try (WorkerJvm worker = WorkerJvm.start()) {
			assertThat(worker.describeStandardInput()).isEqualTo("read -1 from System.in, 0 -> /dev/null");
		}
	}

	@Test
	void closingTheTakenSocketGivesUpItsDescriptor() throws IOException {
		try (WorkerJvm worker = WorkerJvm.start()) {
			assertThat(worker.describeStandardInput()).isNotEmpty();
			assertThat(worker.end()).contains("0 sockets are open at the end");
		}
	}

}
