package io.ipcboot.handle;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class PlatformTests {

	@Test
	void thisMachineIsSupported() {
		assertThatCode(Platform::requireSupported).doesNotThrowAnyException();
	}

	@Test
	void onWindowsItSaysWhatToDo() throws Exception {
		assertThat(requireSupported("-Dos.name=Windows 11")).contains("Windows").contains("ipc.enabled=false");
	}

	@Test
	void aMissingCapabilityIsNamed() throws Exception {
		assertThat(requireSupported("-Dorg.newsclub.net.unix.library.disable.CAPABILITY_FILE_DESCRIPTORS=true"))
			.contains("Worker processes cannot be forked on Linux/")
			.contains("CAPABILITY_FILE_DESCRIPTORS");
	}

	@Test
	void aMissingNativeLibraryIsAnUnsupportedPlatform() throws Exception {
		assertThat(requireSupported("-Dorg.newsclub.net.unix.library.override=/nowhere",
				"-Dorg.newsclub.net.unix.library.override.force=true"))
			.contains("Worker processes cannot be forked on Linux/");
	}

	private static String requireSupported(String... flags) throws Exception {
		return TestJvm.run(PlatformMain.class, flags);
	}

}
