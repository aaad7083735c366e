package io.ipcboot.handle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class IpcPipeTests {

	@Test
	void whatIsWrittenCanBeReadInEveryWay() throws IOException {
		try (IpcPipe pipe = IpcPipe.open()) {
			pipe.sink().write("abcdefgh".getBytes(StandardCharsets.UTF_8));
			pipe.sink().close();
			assertThat(pipe.source().available()).isEqualTo(8);
			assertThat(pipe.source().read()).isEqualTo('a');
			assertThat(pipe.source().skip(1)).isEqualTo(1);
			assertThat(pipe.source().readNBytes(3)).asString(StandardCharsets.UTF_8).isEqualTo("cde");
			assertThat(pipe.source().readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("fgh");
			assertThat(pipe.source().read()).isEqualTo(-1);
			assertThat(pipe.source().skip(1)).isZero();
		}
	}

	@Test
	void moreThanFitsIntoThePipeCanBeRead() throws Exception {
		byte[] bytes = new byte[200_000];
		bytes[199_999] = 1;
		try (IpcPipe pipe = IpcPipe.open()) {
			Thread writer = new Thread(() -> {
				try (pipe) {
					pipe.sink().write(bytes);
					pipe.sink().close();
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
			});
			Handle source = Handle.share(pipe.source());
			writer.start();
			assertThat(source.as(java.io.InputStream.class).readAllBytes()).isEqualTo(bytes);
			writer.join();
		}
	}

	@Test
	void closingClosesBothEnds() throws IOException {
		OpenDescriptors before = OpenDescriptors.now();
		IpcPipe pipe = IpcPipe.open();
		assertThat(before.openedSince()).hasSize(2);
		pipe.close();
		assertThat(before.openedSince()).isEmpty();
		assertThatIOException().isThrownBy(() -> pipe.sink().write(1));
	}

	@Test
	void aSentEndIsNotClosedTwice() throws IOException {
		IpcPipe pipe = IpcPipe.open();
		try (Handle handle = Handle.take(pipe.source())) {
			pipe.close();
			assertThat(handle.isOpen()).isTrue();
			assertThat(handle.as(java.io.InputStream.class).read()).isEqualTo(-1);
		}
	}

}
