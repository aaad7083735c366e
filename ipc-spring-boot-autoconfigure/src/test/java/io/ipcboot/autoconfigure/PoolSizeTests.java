package io.ipcboot.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PoolSize}.
 */
@ExtendWith(OutputCaptureExtension.class)
class PoolSizeTests {

	@ParameterizedTest
	@CsvSource(textBlock = """
			processors, memory, spares, size
			         8,   8192,      0,    8
			         8,   4096,      0,    4
			         2,   4096,      0,    2
			         8,   4096,      1,    3
			         2,   4096,      1,    2
			         8,    512,      0,    1
			         8,   1024,      3,    1
			""", useHeadersInDisplayName = true)
	void asManyAsProcessorsAndMemoryAllow(int processors, long memory, int spares, int size) {
		assertThat(auto(processors, memory, spares)).isEqualTo(size);
	}

	@Test
	void theArithmeticIsLogged(CapturedOutput output) {
		auto(8, 4096, 1);
		assertThat(output).contains("Pool 'images' has 3 workers and 1 spares: there are 8 processors, "
				+ "and (4,096 MB of memory - 700 MB for this process) / 712 MB = 4 workers");
	}

	@Test
	void aNumberIsTakenAsItIs() {
		assertThat(PoolSize.parse("images", "100", DataSize.ofGigabytes(100), 5)).isEqualTo(100);
	}

	private static int auto(int processors, long memory, int spares) {
		return PoolSize.auto("images", processors, mega(memory), mega(700), mega(712), spares);
	}

	private static long mega(long megabytes) {
		return megabytes << 20;
	}

}
