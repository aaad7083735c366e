package io.ipcboot.docs.firststeps;

// tag::caller[]
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.pool.WorkerLostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.CommandLineRunner;
import org.springframework.stereotype.Component;

@Component
class Uploads implements CommandLineRunner {

	private static final Logger logger = LoggerFactory.getLogger(Uploads.class);

	private final ChildProcessTemplate workers;

	Uploads(ChildProcessTemplate workers) {
		this.workers = workers;
	}

	@Override
	public void run(String... args) throws IOException {
		unpack("letter.gz", gzip(20_000));
		unpack("bomb.gz", gzip(200_000_000));
		unpack("letter.gz", gzip(20_000));
	}

	private void unpack(String name, byte[] file) {
		try {
			int size = this.workers.call("unpack", file, Integer.class); // <1>
			logger.info("{}: {} bytes", name, size);
		}
		catch (WorkerLostException ex) { // <2>
			logger.warn("{}: {}", name, ex.getMessage());
		}
	}

	private static byte[] gzip(int size) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
			byte[] zeros = new byte[10_000];
			for (int written = 0; written < size; written += zeros.length) {
				gzip.write(zeros);
			}
		}
		return bytes.toByteArray();
	}

}
// end::caller[]
