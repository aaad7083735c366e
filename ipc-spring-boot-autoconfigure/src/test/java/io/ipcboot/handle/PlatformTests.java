package io.ipcboot.handle;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatCode;

class PlatformTests {

	@Test
	void thisMachineIsSupported() {
		assertThatCode(Platform::requireSupported).doesNotThrowAnyException();
	}

}
