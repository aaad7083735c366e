package io.ipcboot.handle;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

class FileSendingTests extends SendingTests {

	@TempDir
	Path directory;

	private Path file;

	@BeforeEach
	void createFile() throws IOException {
		this.file = Files.writeString(this.directory.resolve("file"), "content");
	}

	@Test
	void anotherProcessReadsFromAFileInputStreamWhereItStands() throws IOException {
		try (FileInputStream stream = new FileInputStream(this.file.toFile())) {
			assertThat(stream.read()).isEqualTo('c');
			worker.send(Handle.take(stream));
			assertThat(worker.reply()).isEqualTo("ontent");
			assertThatIOException().isThrownBy(stream::read);
		}
	}

	@Test
	void anotherProcessWritesToAFileOutputStream() throws IOException {
		try (FileOutputStream stream = new FileOutputStream(this.file.toFile())) {
			worker.send(Handle.take(stream));
			assertThat(worker.reply()).isEqualTo("written");
			assertThat(this.file).hasContent(greeting());
		}
	}

	@Test
	void anotherProcessReadsFromARandomAccessFile() throws IOException {
		try (RandomAccessFile random = new RandomAccessFile(this.file.toFile(), "rw")) {
			random.seek(4);
			worker.send(Handle.take(random));
			assertThat(worker.reply()).isEqualTo("ent");
			assertThatIOException().isThrownBy(random::read);
		}
	}

	@Test
	void anotherProcessReadsFromABareDescriptor() throws IOException {
		try (FileInputStream stream = new FileInputStream(this.file.toFile())) {
			worker.send(Handle.take(stream.getFD()));
			assertThat(worker.reply()).isEqualTo("content");
			assertThat(stream.getFD().valid()).isFalse();
		}
	}

	@Test
	void aSharedFileStaysOpen() throws IOException {
		try (FileInputStream stream = new FileInputStream(this.file.toFile())) {
			assertThat(stream.read()).isEqualTo('c');
			worker.send(Handle.share(stream));
			assertThat(worker.reply()).isEqualTo("ontent");
			assertThat(stream.read()).as("the position is shared").isEqualTo(-1);
		}
	}

	@Test
	void anotherProcessReadsFromAnIpcPipe() throws IOException {
		try (IpcPipe pipe = IpcPipe.open()) {
			worker.send(Handle.take(pipe.source()));
			pipe.sink().write("through the pipe".getBytes(StandardCharsets.UTF_8));
			pipe.sink().close();
			assertThat(worker.reply()).isEqualTo("through the pipe");
		}
	}

	@Test
	void anotherProcessWritesToAnIpcPipe() throws IOException {
		try (IpcPipe pipe = IpcPipe.open()) {
			worker.send(Handle.take(pipe.sink()));
			assertThat(worker.reply()).isEqualTo("written");
			assertThat(pipe.source().readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo(greeting());
		}
	}

	@Test
	void aReceivedFileCanBeSentOn() throws IOException {
		Handle received = Transfer.send(Handle.take(new FileInputStream(this.file.toFile())));
		worker.send(Handle.take(received));
		assertThat(worker.reply()).isEqualTo("content");
		assertThat(received.isOpen()).isFalse();
	}

}
