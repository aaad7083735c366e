package io.ipcboot.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** S32, with files in place of a control group. */
class OutOfMemoryTests {

	@TempDir
	private Path directory;

	@Test
	void whatTheJvmSays() {
		OutOfMemory outOfMemory = new OutOfMemory(() -> 0);
		assertThat(outOfMemory.hasEnded(null,
				List.of("x", "Terminating due to java.lang.OutOfMemoryError: Java heap space")))
			.isTrue();
		assertThat(outOfMemory.hasEnded(Signal.KILL, List.of("x"))).isFalse();
	}

	@Test
	void aKillOfTheGroupExplainsOneDeath() {
		AtomicLong kills = new AtomicLong(7);
		OutOfMemory outOfMemory = new OutOfMemory(kills::get);
		assertThat(outOfMemory.hasEnded(Signal.KILL, List.of())).isFalse();
		kills.incrementAndGet();
		assertThat(outOfMemory.hasEnded(Signal.TERM, List.of())).isFalse();
		assertThat(outOfMemory.hasEnded(Signal.KILL, List.of())).isTrue();
		assertThat(outOfMemory.hasEnded(Signal.KILL, List.of())).isFalse();
	}

	@Test
	void aGroupOfVersion2() throws IOException {
		write("group", "0::/system.slice/app.service\n");
		write("system.slice/app.service/memory.events", "low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\n");
		assertThat(kills()).isEqualTo(2);
	}

	@Test
	void aGroupOfVersion1() throws IOException {
		write("group", "9:name=systemd:/\n5:cpu,cpuacct:/x\n4:memory:/app\n");
		write("memory/app/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 5\n");
		assertThat(kills()).isEqualTo(5);
	}

	@Test
	void noGroupThatSays() throws IOException {
		assertThat(kills()).isZero();
		write("group", "0::/gone\n");
		assertThat(kills()).isZero();
		write("group", "garbage");
		assertThat(kills()).isZero();
	}

	private long kills() {
		return OutOfMemory.kills(this.directory.resolve("group"), this.directory);
	}

	private void write(String name, String content) throws IOException {
		Path file = this.directory.resolve(name);
		Files.createDirectories(file.getParent());
		Files.writeString(file, content);
	}

}
